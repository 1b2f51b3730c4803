/** English rules about other people: clause 3.2 (9). */
import { phrases, REPORTING, type TextRule } from './rule.ts';

const KNOWN = phrases(`
  my boss, my ex, my teacher, my classmate, my neighbor, my neighbour, my coworker, my colleague, my ex girlfriend,
  my ex boyfriend, my ex wife, my ex husband, the mayor, the senator, a real person, a politician, the president,
  the prime minister, a celebrity, the celebrity, the minister, a rival
`);

export const PERSONS: readonly TextRule[] = [
  {
    id: 'portrait.deepfake',
    category: 'rights_of_others',
    within: 8,
    groups: [
      phrases(`
        deepfake, deep fake, face swap, swap the face, fake video of, fake footage of, fake recording of,
        clone the voice of
      `),
      [
        ...KNOWN,
        'nude',
        'porn',
        'sex',
        'president',
        'celebrity',
        'politician',
        'minister',
        'senator',
        'confess',
        'confessing',
        'without consent',
      ],
    ],
    unless: [...REPORTING, 'detect', 'detection', 'conference', 'literacy', 'expert explains'],
  },
  {
    id: 'privacy.intimate',
    category: 'rights_of_others',
    unless: [...REPORTING, 'helpline'],
    groups: [
      phrases(`
        revenge porn, leaked nudes, nude photos of my, upskirt, upskirting, hidden camera in the bathroom,
        hidden camera in the shower, hidden camera in a bathroom, hidden camera in the changing room,
        spying on her in the shower, spying on her undressing, secretly filmed in the shower
      `),
    ],
  },
  {
    id: 'privacy.doxxing',
    category: 'rights_of_others',
    within: 5,
    unless: ['protect', 'awareness', 'prevent', 'prevention'],
    groups: [
      phrases(`
        publish, publishing, post, leak, leaking, reveal, revealing, show, showing, expose, share, dox, doxx,
        doxxing
      `),
      phrases(`
        her home address, his home address, their home address, home address of, her phone number, his phone number,
        private medical records, where she lives, where he lives, my ex
      `),
    ],
  },
  {
    id: 'reputation.slander',
    category: 'rights_of_others',
    within: 6,
    unless: [...REPORTING, 'defamation law'],
    groups: [
      phrases(`
        defame, defaming, slander, slandering, humiliate, humiliating, smear campaign, spread lies about,
        ruin the reputation, destroy the reputation, destroy the career, falsely accuse, falsely accusing,
        blackmail, blackmailing, bully, bullying, insult, insulting
      `),
      KNOWN,
    ],
  },
  {
    id: 'impersonation.authority',
    category: 'rights_of_others',
    within: 4,
    unless: [...REPORTING, 'detect', 'spot'],
    groups: [
      phrases(`
        fake announcement, fake notice, fake statement, false announcement, forged announcement, forged notice,
        fake press conference, fake press release, fake warrant, forged letter, fake letter
      `),
      phrases(`
        government, ministry, police, court, bank, central bank, tax office, president, red cross, health authority,
        embassy, army
      `),
    ],
  },
  {
    id: 'property.counterfeit',
    category: 'rights_of_others',
    within: 6,
    unless: [...REPORTING, 'customs', 'spot', 'seized'],
    groups: [
      ['counterfeit', 'fake', 'knockoff', 'replica', 'bootleg', 'pirated'],
      phrases(`
        rolex, louis vuitton, gucci, nike, luxury watch, designer bag, designer handbag, handbag, software, movies,
        dvds, sneakers
      `),
      phrases(`
        sell, selling, buy, for sale, shop, advert, advertisement, promo, promotional, discount, store
      `),
    ],
  },
  {
    id: 'property.trade-secret',
    category: 'rights_of_others',
    within: 4,
    unless: [...REPORTING, 'spy film', 'spy movie'],
    groups: [
      phrases(`
        leak, leaking, leaked, steal, stealing, stolen, disclose, publish
      `),
      [
        'trade secret',
        'unreleased movie',
        'unreleased film',
        'confidential blueprint',
        'confidential source code',
        'customer database',
      ],
    ],
  },
];
