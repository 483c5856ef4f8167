import Queue from "bull";
export const queue = new Queue("old");
