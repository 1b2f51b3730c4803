/**
 * What may not be asked for: the ten categories of clause 3.2 of the platform terms, in its order. `version` names the
 * whole of categories and rules: a decision is recorded with it, and it changes when any rule does.
 */
export const POLICY_VERSION = '2026-11-29';

const item = (number: number): string => `3.2 (${number})`;

/** By id; `clause` is of the platform terms. */
export const CATEGORIES = {
  constitution: {
    title: 'Opposing the principles of the constitution',
    clause: item(1),
  },
  national_security: {
    title: 'Endangering national security or unity, disclosing state secrets',
    clause: item(2),
  },
  national_honour: {
    title: 'Damaging national honour and interests',
    clause: item(3),
  },
  ethnic_hatred: {
    title: 'Inciting ethnic hatred or discrimination',
    clause: item(4),
  },
  terrorism: {
    title: 'Promoting or inciting terrorism or extremism',
    clause: item(5),
  },
  cults: {
    title: 'Promoting cults or superstition, undermining religious policy',
    clause: item(6),
  },
  rumours_and_fraud: {
    title: 'False information and fraud',
    clause: item(7),
  },
  obscenity_violence_crime: {
    title: 'Pornography, gambling, violence, crime and contraband',
    clause: item(8),
  },
  rights_of_others: {
    title: "Insult, slander, and others' rights to portrait, privacy and property",
    clause: item(9),
  },
  other_law: {
    title: 'Other content that the law prohibits',
    clause: item(10),
  },
} as const satisfies Readonly<Record<string, { title: string; clause: string }>>;

export type CategoryId = keyof typeof CATEGORIES;
