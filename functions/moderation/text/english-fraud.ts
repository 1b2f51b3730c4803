/** English rules about fraud and rumours: clause 3.2 (7), and impersonation, which is (9). */
import { phrases, REPORTING, SAFETY, type TextRule } from './rule.ts';

/** A fake news report is a report of nothing. */
const FABRICATED = REPORTING.filter(word => word !== 'news report');

export const FRAUD: readonly TextRule[] = [
  {
    id: 'fraud.scheme',
    category: 'rumours_and_fraud',
    within: 8,
    groups: [
      phrases(`
        phishing, ponzi scheme, pyramid scheme, romance scam, investment scam, get rich quick, lottery scam,
        guaranteed returns, double your money, double your bitcoin, crypto giveaway, tech support scam,
        fake giveaway, advance fee, fake investment, fake charity, telecom fraud, fraudster, scammer, scam call,
        grandparent scam
      `),
      phrases(`
        script, advertisement, advert, promo, promotion, pitch, recruit, sign up, invest, victim, trick, convince,
        send, deposit, video for, lure, persuade, donate
      `),
    ],
    unless: [...REPORTING, ...SAFETY, 'beware', 'explain', 'fraud team', 'bank warns'],
  },
  {
    id: 'fraud.impersonation',
    category: 'rights_of_others',
    within: 12,
    groups: [
      phrases(`
        impersonate, impersonating, pretend to be, pretending to be, posing as, poses as, pretends to be,
        disguised as
      `),
      phrases(`
        police, police officer, tax office, tax authority, irs, government, court, bank, ministry, fbi, immigration,
        social security
      `),
      phrases(`
        pay, payment, money, transfer, gift card, password, bank details, account number, trick, fee,
        arrest warrant, collect, fine, victim, scam
      `),
    ],
    unless: [...SAFETY, 'warning', 'documentary', 'news report'],
  },
  {
    id: 'rumour.fabrication',
    category: 'rumours_and_fraud',
    within: 8,
    groups: [
      phrases(`
        fake news, false news, fabricated news, fake breaking news, false report, fake emergency, fake report,
        false rumor, false rumour, invented news, fake footage, fabricate, fabricated, made up news, hoax
      `),
      phrases(`
        panic, spread, spreading, viral, earthquake, outbreak, bank run, evacuate, election, explosion, poisoned,
        attack, riot, shortage, epidemic, people believe, convince people
      `),
    ],
    unless: [...FABRICATED, ...SAFETY, 'literacy', 'debunk', 'fact check', 'fact checker', 'satire'],
  },
  {
    id: 'rumour.health',
    category: 'rumours_and_fraud',
    unless: ['debunk', 'myth', 'false', 'wrong', 'fact check', 'not'],
    groups: [
      phrases(`
        vaccines cause autism, vaccine causes autism, bleach cures, drink bleach, drinking bleach cures,
        vaccines contain microchips, cancer is cured by baking soda, baking soda cures cancer
      `),
    ],
  },
  {
    id: 'rumour.election',
    category: 'rumours_and_fraud',
    within: 5,
    unless: [...REPORTING, ...SAFETY, 'debunk'],
    groups: [
      ['voters', 'election', 'ballots', 'polling station', 'voting'],
      phrases(`
        fake results, false results, wrong date, wrong day, fake ballots, faked footage, falsely cancelled,
        falsely canceled
      `),
    ],
  },
];
