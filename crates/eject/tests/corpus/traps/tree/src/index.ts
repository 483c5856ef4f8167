import { limiters } from "./limiters";
import { local } from "./local";
import { ownQueue } from "./queue";
import { boss } from "./boss";
import { words } from "./words";
import { ui } from "./ui";

console.log(limiters, local, ownQueue, boss, words, ui);
