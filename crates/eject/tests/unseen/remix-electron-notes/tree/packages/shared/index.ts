/** The stream of saved notes, which the web app writes and the realtime server reads. */
export const CHANGES = "notes:changes";
export const room = (note: string) => `note:${note}`;
