import shared, { formatMoney } from "./shared";

export const page = () => formatMoney(2) + shared.title;
