import Cache from "cache";

export const aliased = new Cache(6380);
