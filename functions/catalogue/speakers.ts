/** The speakers that everybody may use, under the ids and names that PixVerse's clients know. Pure data. */

export interface Speaker {
  readonly speakerId: string;
  readonly name: string;
}

/** In the order in which they are listed. */
export const SPEAKERS = [
  { speakerId: '1', name: 'Emily' },
  { speakerId: '2', name: 'James' },
  { speakerId: '3', name: 'Isabella' },
  { speakerId: '4', name: 'Liam' },
  { speakerId: '5', name: 'Chloe' },
  { speakerId: '6', name: 'Adrian' },
  { speakerId: '7', name: 'Harper' },
  { speakerId: '8', name: 'Ava' },
  { speakerId: '9', name: 'Sophia' },
  { speakerId: '10', name: 'Julia' },
  { speakerId: '11', name: 'Mason' },
  { speakerId: '12', name: 'Jack' },
  { speakerId: '13', name: 'Oliver' },
  { speakerId: '14', name: 'Ethan' },
  { speakerId: 'Auto', name: 'Auto' },
] as const satisfies readonly Speaker[];

export type SpeakerId = (typeof SPEAKERS)[number]['speakerId'];

/** The listed speaker whom a caller means; clients write `auto` as well as `Auto`. Undefined for an id that is not listed. */
export function findSpeaker(id: string): (typeof SPEAKERS)[number] | undefined {
  return SPEAKERS.find(({ speakerId }) => speakerId.toLowerCase() === id.trim().toLowerCase());
}
