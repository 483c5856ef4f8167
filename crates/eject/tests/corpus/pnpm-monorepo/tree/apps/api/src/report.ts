import { iso } from "@acme/kit";

export const report = () => console.log(iso(new Date()));
