/** English rules about sex and violence: clause 3.2 (8), and harm to oneself, which is (10). */
import { phrases, REPORTING, type TextRule } from './rule.ts';

const CHILDREN = phrases(`
  child, children, kid, minors, underage, toddler, infant, preteen, schoolgirl, schoolboy, little girl, little boy,
  young girl, young boy, year old girl, year old boy, baby girl, baby boy, teen, teenager, teenage, girl aged,
  boy aged, loli, lolita, shota, pupil
`);
const SEXUAL = phrases(`
  sex, sexual, sexually, sexy, nude, naked, porn, porno, pornographic, erotic, topless, undressing, undressed,
  lingerie, seductive, seductively, orgasm, masturbating, hentai, nsfw, xxx, fetish, striptease
`);
const ART_AND_MEDICINE = phrases(`
  statue, sculpture, marble, renaissance, museum, art history, oil painting, michelangelo, rodin, medical, anatomy,
  anatomical, surgery, biology, textbook, documentary, education, addiction, awareness, prevention, recovery,
  food porn, earth porn, clinic
`);
const PEOPLE = phrases(`
  person, someone, somebody, people, man, woman, men, women, girl, boy, child, children, wife, husband, neighbor,
  neighbour, boss, coworker, colleague, girlfriend, boyfriend, family, victim, civilian, hostage, prisoner, teacher,
  classmate, stranger, him, her, them, my ex
`);
const STAGED = phrases(`
  shakespeare, macbeth, caesar, hamlet, opera, theatre, theater, chess, video game
`);

/** Where bare things are no people. */
const BARE = phrases(`
  naked feet, naked foot, naked eye, naked mole rat, naked tree, naked branch, naked flame, naked truth, naked rock,
  nude lipstick, nude color, nude colour, nude heels, same sex, opposite sex, sex education, single sex,
  sex of the baby, sex ratio, sexy saxophone
`);

export const VIOLENCE_AND_SEX: readonly TextRule[] = [
  {
    id: 'sex.children',
    category: 'obscenity_violence_crime',
    groups: [CHILDREN, SEXUAL],
    within: 10,
    notIn: BARE,
  },
  {
    id: 'sex.explicit',
    category: 'obscenity_violence_crime',
    notIn: BARE,
    unless: ART_AND_MEDICINE,
    groups: [
      phrases(`
        porn, porno, pornographic, pornography, hentai, xxx video, hardcore sex, sex scene, sex tape, blowjob,
        handjob, cumshot, gangbang, creampie, deepthroat, having sex, have sex, orgy, sexual intercourse, oral sex,
        anal sex, masturbate, masturbating, masturbation, sexually explicit, nsfw, erotic, erotica, striptease,
        strip show, nude woman, nude man, nude girl, nude model, naked woman, naked man, naked girl, naked people,
        topless woman, fully nude, completely naked, completely nude, naked couple, naked body, bare breasts,
        genitals, sex worker strips, naked, nude, nudes, no clothes on, stripper
      `),
    ],
  },
  {
    id: 'sex.undress',
    category: 'obscenity_violence_crime',
    groups: [
      phrases(`
        nudify, remove her clothes, remove his clothes, remove their clothes, remove all her clothes,
        take off her clothes, take off all her clothes, takes off her clothes, takes off all her clothes,
        undress her, undress him, undress this woman, undress the woman, undress the girl, make her naked,
        make her nude, without her clothes, strip her naked, strips her naked, remove her bikini
      `),
    ],
  },
  {
    id: 'violence.gore',
    category: 'obscenity_violence_crime',
    within: 6,
    groups: [
      phrases(`
        gore, gory, mutilated, mutilating, mutilation, dismembered, dismembering, disemboweled, disembowelled,
        decapitated, decapitating, beheaded, beheading, intestines, entrails, severed head, severed limb,
        severed arm, skinned alive, torn apart, brains splattered, cut open, flesh, throat
      `),
      phrases(`
        graphic, bloody, extreme, detailed, realistic, body, bodies, corpse, victim, person, people, man, woman,
        men, soldier, hostage, prisoner, blood, human, spilling, screaming
      `),
    ],
    unless: [...REPORTING, ...ART_AND_MEDICINE, ...STAGED, 'al gore', 'gore tex', 'mannequin', 'henry viii'],
  },
  {
    id: 'violence.murder-instructions',
    category: 'obscenity_violence_crime',
    within: 4,
    unlessWithin: 1,
    groups: [
      phrases(`
        how to kill, how to murder, how to poison, how to stab, how to strangle, ways to kill, tutorial on killing,
        guide to killing, how to torture, how to behead, how to dispose of the body
      `),
      PEOPLE,
    ],
    unless: ['kindness', 'mockingbird', 'video game', 'final boss', 'boss fight', 'chess'],
  },
  {
    id: 'violence.murder',
    category: 'obscenity_violence_crime',
    within: 3,
    groups: [
      phrases(`
        stabs, stabbing, stabbed, strangles, strangling, strangled, slaughters, slaughtering, murders, murdering,
        torturing, tortures, tortured, massacring, lynching, lynched, raping, rapes, beats to death,
        beating to death, beaten to death, burning alive, burned alive
      `),
      [...PEOPLE, 'to death', 'innocent'],
    ],
    unless: [...REPORTING, ...STAGED, 'detective', 'in the back with kindness'],
  },
  {
    id: 'violence.throat',
    category: 'obscenity_violence_crime',
    unless: [...REPORTING, ...STAGED, 'clear'],
    groups: [
      phrases(`
        cut the throat, cuts the throat, cutting the throat, slit the throat, slits the throat, slits his throat,
        slitting the throat, cuts his throat, cuts her throat, slits her throat, snuff film, snuff video,
        snuff movie
      `),
    ],
  },
  {
    id: 'violence.assassination',
    category: 'obscenity_violence_crime',
    within: 5,
    groups: [
      ['assassinate', 'assassinates', 'assassinated', 'assassinating', 'assassination of'],
      phrases(`
        president, prime minister, minister, senator, politician, king, queen, pope, chancellor, trump, biden,
        putin, zelensky, xi jinping, mayor, governor, ambassador
      `),
    ],
    unless: [...REPORTING, ...STAGED, 'lincoln', 'kennedy', 'franz ferdinand', 'rasputin'],
  },
  {
    id: 'violence.execution',
    category: 'obscenity_violence_crime',
    within: 5,
    groups: [
      phrases(`
        executes, executing, execution of, shoots, shooting, shot, guns down, gunning down, kills, killing,
        mow down, mows down, mowing down
      `),
      phrases(`
        prisoner, hostage, innocent people, innocent civilians, civilian, in the head, unarmed, classmates,
        schoolchildren, worshippers, passers by, pedestrians
      `),
    ],
    unless: [...REPORTING, ...STAGED, 'photographer', 'camera', 'photo', 'goya', 'rescue', 'head shot', 'headshot'],
  },
  {
    id: 'harm.self',
    category: 'other_law',
    unlessWithin: 1,
    groups: [
      phrases(`
        how to commit suicide, how to kill yourself, how to kill myself, ways to commit suicide,
        ways to kill yourself, kill yourself, suicide method, suicide tutorial, encourage suicide,
        encourages suicide, encouraging suicide, self harm tutorial, slit your wrists, slitting her wrists,
        slitting his wrists, cutting her wrists, pro ana, thinspo, suicide pact, hangs himself, hangs herself,
        hang himself, hang herself, commits suicide, hanging himself
      `),
    ],
    unless: ['prevention', 'prevent', 'hotline', 'helpline', 'awareness', 'support group', 'survivor'],
  },
];
