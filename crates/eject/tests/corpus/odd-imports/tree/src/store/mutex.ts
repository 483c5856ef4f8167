import Redlock, { type Settings } from "redlock";
import connection from ".";

const settings: Partial<Settings> = { retryCount: 3 };
export const mutex = new Redlock([connection], settings);
export const exclusively = (name: string, run: () => Promise<void>) => mutex.using([name], 5000, run);
