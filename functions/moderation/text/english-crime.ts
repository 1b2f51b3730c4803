/** English rules about crime, contraband, gambling and trafficking: clause 3.2 (8) and (10). */
import { phrases, REPORTING, SAFETY, type TextRule } from './rule.ts';

const TRADE = phrases(`
  sell, selling, buy, buying, order, trading, trafficking, smuggle, smuggling, for sale, shop, advertise,
  advertisement, advertising, advert, dealer, delivery, discount, promo, promoting
`);
const DRUGS = phrases(`
  cocaine, heroin, meth, methamphetamine, fentanyl, mdma, lsd, crack cocaine, ecstasy pill
`);
const INSTRUCTIONS = phrases(`
  how to, tutorial, guide to, teach, teaching, teaches, step by step, instructions for, lesson in
`);

export const CRIME: readonly TextRule[] = [
  {
    id: 'contraband.trade',
    category: 'obscenity_violence_crime',
    within: 6,
    groups: [
      TRADE,
      [
        ...DRUGS,
        'illegal drug',
        'illegal gun',
        'illegal firearm',
        'illegal weapon',
        'ghost gun',
        'untraceable gun',
        'ivory',
        'rhino horn',
        'counterfeit money',
        'fake banknote',
        'fake passport',
        'forged passport',
        'stolen credit card',
        'fake id',
        'stolen identity',
        'unregistered gun',
      ],
    ],
    unless: [...REPORTING, 'arrest', 'arrested', 'seized', 'seizure', 'customs', 'treatment', 'ban', 'rehab'],
    notIn: phrases(`
      ivory tower, ivory coloured, ivory colored, ivory coast, ivory white, ivory silk, ivory dress
    `),
  },
  {
    id: 'contraband.drug-making',
    category: 'obscenity_violence_crime',
    within: 4,
    groups: [
      phrases(`
        cook, cooking, how to make, synthesize, synthesise, synthesizing, recipe for, manufacture, manufacturing,
        brew, how to produce, how to extract, making
      `),
      [...DRUGS, 'crystal meth', 'nerve agent', 'sarin', 'ricin', 'mustard gas', 'chlorine gas', 'napalm', 'anthrax'],
    ],
    unless: ['police', 'seized', 'raid', 'arrested'],
  },
  {
    id: 'contraband.weapon-making',
    category: 'obscenity_violence_crime',
    within: 4,
    unlessWithin: 1,
    groups: [
      phrases(`
        how to, build, building, make, making, 3d print, 3d printing, 3d printed, assemble, convert, converting
      `),
      ['ghost gun', 'untraceable gun', 'zip gun', 'gun silencer', 'suppressor', 'fully automatic', 'homemade gun'],
    ],
    unless: ['police', 'video game', 'news report'],
  },
  {
    id: 'crime.instructions',
    category: 'obscenity_violence_crime',
    within: 5,
    unless: [...SAFETY, 'heist film'],
    unlessWithin: 1,
    groups: [
      INSTRUCTIONS,
      phrases(`
        shoplift, shoplifting, pick pockets, pickpocketing, steal a car, steal cars, hotwire a car, rob a bank,
        robbing a bank, break into a house, break into houses, break into cars, launder money, kidnap,
        money laundering, credit card fraud, evade police, forge passports, forge a passport, kidnapping,
        print counterfeit money, skim cards, hack into a bank, hack bank accounts, burglary, pick locks to steal
      `),
    ],
  },
  {
    id: 'gambling.promotion',
    category: 'obscenity_violence_crime',
    within: 8,
    groups: [
      phrases(`
        online casino, casino, sports betting, betting site, betting app, sportsbook, slot machine, gambling,
        baccarat, roulette
      `),
      phrases(`
        bonus, deposit, sign up, win real money, real money, promo, promotion, promotional, advert, advertisement,
        bet now, place your bets, play now, referral, free spins, promoting, commercial
      `),
    ],
    unless: [...REPORTING, 'addiction', 'quit', 'helpline', 'recovery'],
  },
  {
    id: 'trafficking',
    category: 'other_law',
    within: 3,
    groups: [
      [...TRADE, 'trade', 'auction', 'auctioning', 'traffic', 'trafficker'],
      phrases(`
        human organ, a kidney, human kidney, human beings, women for sex, girls for sex, babies, slaves, sex slaves,
        endangered animals, endangered species, pangolin, tiger bones, children
      `),
    ],
    unless: [
      ...REPORTING,
      'abolition',
      'ban',
      'toy',
      'clothes',
      'book',
      'shoes',
      'back in order',
      'ice cream',
      'lemonade',
      'carriage',
      'stroller',
      'kidney bean',
      'gift',
      'present',
      'balloon',
      'school',
      'in order',
    ],
  },
];
