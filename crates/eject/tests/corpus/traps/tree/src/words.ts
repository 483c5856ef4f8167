export let futureDisabled = false;
export const predisposed = process.env.PREDISPOSED === "1";

export function redistribute(parcels: string[]): string[] {
  futureDisabled = parcels.length === 0;
  return parcels.reverse();
}

export const ignoREDISplay = "hidden";
export const words = { redistribute, predisposed, ignoREDISplay, sharedIsland: 1, coloredIsNull: null };
