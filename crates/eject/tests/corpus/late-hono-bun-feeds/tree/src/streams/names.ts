export const STREAM = "feeds:items";
export const GROUP = "indexers";

export type Item = {
  guid: string;
  feed: string;
  title: string;
  url: string;
};
