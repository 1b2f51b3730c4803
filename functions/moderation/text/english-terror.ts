/** English rules about terror and hatred: clause 3.2 (4) and (5). */
import { phrases, REPORTING, SAFETY, type TextRule } from './rule.ts';

const MAKING = phrases(`
  make, making, build, building, assemble, assembling, construct, how to, wire, tutorial
`);
const GROUPS = phrases(`
  isis, islamic state, al qaeda, boko haram, al shabaab, jihadist, terrorist, terrorism, caliphate,
  hezbollah fighters, taliban fighters
`);
const PEOPLES = phrases(`
  jews, muslims, christians, hindus, blacks, black people, white people, whites, asians, arabs, roma, gypsies,
  immigrants, migrants, refugees, uyghurs, tibetans, kurds, tutsis, mexicans, africans, chinese people,
  japanese people, indians, latinos, ethnic minorities, minorities, foreigners
`);

export const TERROR_AND_HATRED: readonly TextRule[] = [
  {
    id: 'terror.bomb-making',
    category: 'terrorism',
    within: 4,
    unlessWithin: 1,
    groups: [
      [...MAKING, 'recipe', 'instructions', 'step by step', 'detonate', 'plant', 'planting'],
      phrases(`
        pipe bomb, nail bomb, car bomb, dirty bomb, homemade bomb, suicide vest, explosive vest, molotov cocktail,
        molotov, improvised explosive, pressure cooker bomb, fertilizer bomb, explosives, ied, tatp, thermite,
        detonator
      `),
    ],
    unless: ['disposal', 'defuse', 'disarm', 'demolition'],
    notIn: ['power plant'],
  },
  {
    id: 'terror.bomb',
    category: 'terrorism',
    notIn: ['bath bomb making', 'seed bomb making', 'cherry bomb making'],
    groups: [
      phrases(`
        make a bomb, making a bomb, build a bomb, building a bomb, bomb making, make bombs, build bombs,
        making bombs, assemble a bomb, bomb a school, bomb a church, bomb a mosque, bomb the airport, bomb a train,
        bomb an embassy, plant a bomb
      `),
    ],
  },
  {
    id: 'terror.praise',
    category: 'terrorism',
    within: 4,
    groups: [
      phrases(`
        glorify, glorifying, glorifies, praise, praising, praises, celebrate, celebrating, heroic, join, joining,
        recruit, recruiting, recruitment, pledge allegiance, propaganda, heroes of, support for, martyrs of,
        tribute to
      `),
      [...GROUPS, 'suicide bomber', 'suicide bombing', 'mass shooter', 'mass shooting', 'school shooter'],
    ],
    unless: [...REPORTING, 'goddess', 'egyptian', 'osiris', 'nile', 'victims'],
  },
  {
    id: 'terror.attack',
    category: 'terrorism',
    within: 5,
    unlessWithin: 1,
    groups: [
      phrases(`
        how to, guide to, plan a, planning a, instructions for, tutorial, carry out, carrying out, encourage,
        encouraging, inspire, inspiring, livestream, manifesto, call for, calls for
      `),
      phrases(`
        mass shooting, school shooting, terror attack, terrorist attack, suicide bombing, massacre, suicide attack,
        car ramming, holy war, violent jihad, hijack a plane, poison the water supply
      `),
    ],
    unless: [...SAFETY, 'against', 'condemn', 'drill', 'safety', 'evacuation', 'survive', 'first responders', 'peace'],
  },
  {
    id: 'terror.infrastructure',
    category: 'terrorism',
    within: 4,
    unlessWithin: 1,
    groups: [
      ['how to blow up', 'how to sabotage', 'how to attack', 'plan to blow up', 'plan to attack', 'we will blow up'],
      phrases(`
        power grid, power plant, nuclear plant, water supply, dam, railway, airport, embassy, bridge, school
      `),
    ],
    unless: ['in minecraft', 'video game', 'demolition', 'castle'],
  },
  {
    id: 'hatred.incitement',
    category: 'ethnic_hatred',
    within: 2,
    groups: [
      phrases(`
        kill all, kill the, kill every, exterminate, exterminating, gas the, gas all, wipe out, eradicate, death to,
        burn the, hang the, lynch, attack the, get rid of, hatred of, hatred against, hate, are vermin,
        are subhuman, are animals, are parasites, are cockroaches, are inferior, inferior, are criminals, subhuman,
        beat up
      `),
      PEOPLES,
    ],
    unless: [...REPORTING, 'holocaust', 'rescue', 'never again', 'love not hate', 'persecution'],
  },
  {
    id: 'hatred.supremacy',
    category: 'ethnic_hatred',
    unless: [...REPORTING, 'lesson', 'victims', 'protest', 'trial'],
    groups: [
      phrases(`
        white power, white supremacy, white supremacist, race war, racial purity, master race, heil hitler,
        sieg heil, ethnic cleansing, great replacement, kkk rally, racial holy war, genocide is good
      `),
    ],
  },
  {
    id: 'hatred.nazi',
    category: 'ethnic_hatred',
    within: 5,
    unless: [...REPORTING, 'chaplin', 'parody', 'satire'],
    groups: [
      ['hitler', 'adolf hitler', 'nazis', 'third reich', 'gestapo', 'himmler', 'goebbels'],
      phrases(`
        hero, heroic, glorious, glory, saviour, savior, saving, great leader, praise, celebrate, worship, was right,
        tribute
      `),
    ],
  },
  {
    id: 'hatred.denial',
    category: 'ethnic_hatred',
    unless: ['debunk', 'false claim', 'refute'],
    groups: [
      [
        'holocaust is a lie',
        'holocaust was a lie',
        'holocaust hoax',
        'holocaust never happened',
        'holocaust did not happen',
      ],
    ],
  },
];
