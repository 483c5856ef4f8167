export interface Decision {
  allowed: boolean;
}
