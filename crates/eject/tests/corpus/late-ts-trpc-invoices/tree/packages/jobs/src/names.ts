export const RENDER = "render";
export const DELIVER = "deliver";

export interface RenderJob {
  invoiceId: string;
}

export interface DeliverJob {
  invoiceId: string;
  customer: string;
}
