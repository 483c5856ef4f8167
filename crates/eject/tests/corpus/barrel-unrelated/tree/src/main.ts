import { formatMoney, Clock } from "./shared";
import * as shared from "./shared";
import type { Decision } from "./shared";
import { page } from "./page";

const decision: Decision = await shared.limiter.check(Clock.now());
console.log(formatMoney(1), decision, page());
