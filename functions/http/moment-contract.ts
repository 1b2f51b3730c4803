/** Moments and days as callers write them. Pure. */

/** Whether there is what begins with this day, `2027-02-28…`: Date reads 30 February as a day of March. */
export function isMoment(text: string): boolean {
  const day = text.slice(0, 10);
  const isDay = new Date(`${day}T00:00:00Z`).toJSON()?.slice(0, 10) === day;
  return isDay && !Number.isNaN(Date.parse(text));
}
