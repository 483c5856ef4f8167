export const QueueName = {
  Labels: "labels",
  Customs: "customs",
  Dispatch: "dispatch",
  Mail: "mail",
} as const;

export interface LabelJob {
  shipmentId: string;
  carrier: "dhl" | "dpd" | "gls";
  format: "pdf" | "zpl";
}
