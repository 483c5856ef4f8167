import { get } from "./alive";
import { fakeStore } from "./support/fakeStore";

test("get", async () => expect(await get("a")).toBe(await fakeStore().get("a")));
