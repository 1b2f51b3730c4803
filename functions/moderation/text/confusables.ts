/**
 * Which letters of other alphabets look like which Latin ones: the rows of Unicode's confusables (UTS 39, version 10.0.0) whose
 * prototype is one Latin letter, as far as NFKC leaves the letter alone; without Chinese, Japanese and Korean signs, and
 * without letters that are written from right to left. Its licence is in UNICODE-LICENSE. What it does not have is below it. Pure.
 */
// The rows are data, one for each letter; the formatter would make columns of them.
// biome-ignore format: see above
const UTS_39: Readonly<Record<string, string>> = {
  // An I or an l: read as a 1 is.
  1: 'ƖǀӀ',
  a: 'ɑΑαАаᎪᗅꓮ𐊠𖽀',
  b: 'ƀƂƃƄɓΒБВЬѢѣҌҍᏏᏴᖯᗷꓐꞴ𐊂𐊡𐌁',
  c: 'ȼСсҪҫᏟᴄⲤⲥꓚꮯ𐊢𐌂𐐕𐐽𐔜',
  d: 'ÐĐđƉƌɖɗԁᎠᏧᑯᗞᗪꓒꓓ',
  e: 'ɆɇΕЕеҽҿᎬⴹꓰꬲ𐊆𑢦𑢮',
  f: 'ƑƒϜքᖴᵮẝꓝꞘꞙꬵ𐊇𐊥𐔥𑢢𑣂',
  g: 'ƍǤǥɠɡԌցᏀᏳᶃꓖ',
  h: 'ĦħɦΗНћҢһӇӉհᎻᏂᏲᕼⱧⲎꓧꚕ𐋏',
  i: 'ΙІᛁⵏꓲ𐊊𐌉𖼨ıɨɩɪιіӏᎥᵻᵼꙇꭵ𑣃',
  j: 'ɈɉͿϳЈјᎫᒍꓙꞲ',
  k: 'ƙΚКҚҞᏦᛕⱩⲔꓗꝀ𐔘',
  l: 'ŁłƗƚɫɭᏞᒪⲒⳐꓡ𐐛𐔦𑢣𑢲𖼖',
  m: 'ɱΜϺМӍᎷᗰᛖᵯⲘꓟ𐊰𐌑𑜀',
  n: 'ƝƞɳΝηոռᵰⲚꓠ𐔓',
  o: 'ØøƟǾɵΘΟθοσОоѲѳӨөՕօଠഠဝჿዐᎾᏫᴏᴑⲞⲟⴱⵁⵔꓳꝊꝋꬽꬾꭴꮎꮻ𐊒𐊫𐐄𐐬𐓂𐓪𐔖𑢵𑣈𑣗',
  p: 'ƥΡρРрᏢᑭᵽⲢⲣꓑ𐊕',
  q: 'ʠԛգզⵕ',
  r: 'ƦɍɼɽгғᎡᏒᖇᴦᵲⲅꓣꭇꭈꮁ𐒴𖼵',
  s: 'ƽʂЅѕՏᏕᏚᵴꓢꜱꮪ𐊖𐐠𐑈𑣁𖼺',
  t: 'ŦŧƭƮȾΤТҬᎢᵵⲦꓔ𐊗𐊱𐌕𑢼𖼊',
  u: 'ɄʋυՍսሀᏌᑌᴜᵾꓴꞟꭎꭒꮜ𐓎𐓶𑢸𑣘𖽂',
  v: 'νѴѵᏙᐯᴠⴸꓦꛟꮩ𐔝𑜆𑢠𑣀𖼈',
  w: 'ɯѡѽԜԝաᎳᏔᴡꓪꝡꮃ𑓅𑜊𑜎𑜏',
  x: 'ΧХхҲᕁᕽᚷⲬⵝꓫꞳ𐊐𐊴𐌗𐔧',
  y: 'ƴɎɏɣʏΥγУуҮүҰұყᎩᎽᶌỿⲨꓬꭚ𐊲𑢤𑣜𖽃',
  z: 'ƵƶȤȥʐΖᏃᴢᵶꓜꮓ𑢩𑣄',
};

/** Letters that are a form of their own and no look-alike to Unicode, and are read all the same: letter and Latin together. */
const OTHERS = [
  // Small capitals
  'ᴀa ʙb ᴅd ᴇe ꜰf ɢg ʜh ᴊj ᴋk ʟl ᴍm ɴn ᴘp ꞯq ʀr ᴛt ʍm ĸk',
  // Greek
  'λl ϵe',
  // Armenian
  'մu ռn ղn րr Լl Ւr',
];

/** Letters that are read as one Latin letter by some and as another by others. */
const AMBIGUOUS: Readonly<Record<string, readonly [string, string]>> = {
  μ: ['u', 'm'],
  ք: ['f', 'p'],
  տ: ['m', 's'],
  ω: ['w', 'o'],
  ա: ['w', 'u'],
  ե: ['t', 'e'],
};

const TABLE: ReadonlyMap<string, string> = new Map([
  ...Object.entries(UTS_39).flatMap(([latin, signs]) => [...signs].map(sign => [sign, latin] as const)),
  ...OTHERS.flatMap(pairs => pairs.split(' ')).map(pair => [pair.slice(0, -1), pair.slice(-1)] as const),
]);

/** Alphabets that stand in Unicode from A to Z, which NFKC does not take apart: their first letters. */
const WHOLE_ALPHABETS = [
  0x1f150, // negative circled
  0x1f170, // negative squared
  0x1f1e6, // regional indicators
];

/** Which of two readings an ambiguous letter is given. */
export type Reading = 0 | 1;

/** What the letter looks like, in small Latin letters, or 1 for what may be an I or an l; undefined where it looks like none. */
export function looksLike(sign: string, reading: Reading): string | undefined {
  const ambiguous = AMBIGUOUS[sign]?.[reading];
  if (ambiguous !== undefined) return ambiguous;
  const code = sign.codePointAt(0) ?? 0;
  if (code < 0x80) return undefined;
  const first = WHOLE_ALPHABETS.find(start => code >= start && code < start + 26);
  if (first !== undefined) return String.fromCharCode(0x61 + code - first);
  // The small letters of Cherokee have the form of the capitals, which alone are in the data.
  return TABLE.get(sign) ?? (code >= 0xab70 && code <= 0xabbf ? TABLE.get(sign.toUpperCase()) : undefined);
}

export function isAmbiguous(text: string): boolean {
  return Object.keys(AMBIGUOUS).some(sign => text.includes(sign));
}
