/** English rules about the state, its honour, cults and religion: clause 3.2 (1), (2), (3) and (6). */
import { phrases, REPORTING, type TextRule } from './rule.ts';

const INCITING = phrases(`
  join, call for, calling for, calls for, incite, inciting, incites, rise up, urge, urging, plan to, planning to,
  rally to, take up arms, let us, we will, propaganda, by force, violently
`);

export const STATE: readonly TextRule[] = [
  {
    id: 'state.subversion',
    category: 'national_security',
    within: 6,
    unless: [...REPORTING, 'century', 'chess'],
    groups: [
      phrases(`
        overthrow, overthrowing, topple, toppling, subvert, subverting, armed uprising, armed rebellion,
        violent coup, armed revolt, military coup
      `),
      ['government', 'state', 'our country', 'republic', 'parliament', 'president', 'nation'],
      INCITING,
    ],
  },
  {
    id: 'state.secrets',
    category: 'national_security',
    within: 4,
    unless: [...REPORTING, 'film', 'novel', 'thriller'],
    groups: [
      phrases(`
        leak, leaking, leaked, disclose, disclosing, publish, reveal, revealing, sell, selling, steal, stealing
      `),
      [
        'state secret',
        'classified document',
        'military secret',
        'nuclear launch code',
        'troop position',
        'classified military',
      ],
    ],
  },
  {
    id: 'state.separatism',
    category: 'national_security',
    within: 4,
    unless: [...REPORTING, 'civil war'],
    groups: [
      phrases(`
        incite, inciting, promote, promoting, join, fund, funding, glorify, propaganda, rally for, call for
      `),
      ['separatism', 'separatist', 'secession', 'splitting the country', 'split the country', 'splitting the nation'],
    ],
  },
  {
    id: 'state.constitution',
    category: 'constitution',
    within: 6,
    unless: [...REPORTING, 'amendment', 'lecture'],
    groups: [
      phrases(`
        abolish, abolishing, tear up, tearing up, destroy, overturn, overturning, smash, suspend, burn, burning
      `),
      ['constitution', 'constitutional order', 'rule of law', 'basic law'],
      [...INCITING, 'dictatorship', 'dictator', 'seize power', 'cheering'],
    ],
  },
  {
    id: 'honour.flag',
    category: 'national_honour',
    within: 3,
    unless: [...REPORTING, 'retirement', 'ceremony'],
    groups: [
      phrases(`
        burn, burning, burns, trample, trampling, tramples, stomp, stomping, stomps, desecrate, desecrating,
        spit on, spitting on, spits on, urinate on, urinating on, tear up, tearing up
      `),
      ['national flag', 'flag of', 'country flag', 'chinese flag', 'american flag', 'national emblem', 'nation flag'],
    ],
  },
  {
    id: 'honour.memorial',
    category: 'national_honour',
    within: 4,
    unless: ['news report', 'documentary', 'police', 'condemn'],
    groups: [
      phrases(`
        desecrate, desecrating, vandalize, vandalizing, vandalise, deface, defacing, spitting on, urinating on,
        mocking, insulting
      `),
      ['war memorial', 'martyr', 'national heroes', 'national anthem', 'unknown soldier', 'war graves'],
    ],
  },
  {
    id: 'cult.recruitment',
    category: 'cults',
    within: 5,
    groups: [
      phrases(`
        join, joining, recruit, recruiting, recruitment, promote, promoting, worship, propaganda, praise, follow
      `),
      phrases(`
        cult, doomsday cult, death cult, falun gong, aum shinrikyo, eastern lightning, almighty god church
      `),
    ],
    unless: [...REPORTING, 'cult classic', 'cult film', 'cult movie', 'cult hit', 'escape', 'warhammer'],
  },
  {
    id: 'cult.superstition',
    category: 'cults',
    within: 8,
    unless: [...REPORTING, 'film', 'fantasy', 'scam'],
    groups: [
      phrases(`
        exorcism, witch doctor, fortune teller, spirit medium, black magic, amulet, talisman, curse, voodoo
      `),
      phrases(`
        cure cancer, cures cancer, instead of medicine, instead of doctors, heals every illness, cures all disease,
        guaranteed to bring
      `),
    ],
  },
  {
    id: 'religion.desecration',
    category: 'cults',
    within: 3,
    unless: [...REPORTING, 'fahrenheit'],
    groups: [
      phrases(`
        burn, burning, burns, desecrate, desecrating, tear up, spit on, spitting on, urinating on
      `),
      ['quran', 'koran', 'bible', 'torah', 'holy book'],
    ],
  },
];
