/** National currencies of ISO 4217 that are in use, in small letters, and the digits after the point where they are not two. */

const IN_USE = new Set(
  `aed afn all amd aoa ars aud awg azn bam bbd bdt bhd bif bmd bnd bob brl bsd btn bwp byn bzd cad cdf chf clp cny cop crc
  cup cve czk djf dkk dop dzd egp ern etb eur fjd fkp gbp gel ghs gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr iqd irr
  isk jmd jod jpy kes kgs khr kmf kpw krw kwd kyd kzt lak lbp lkr lrd lsl lyd mad mdl mga mkd mmk mnt mop mru mur mvr mwk
  mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sdg sek sgd shp sle
  sos srd ssp stn svc syp szl thb tjs tmt tnd top try ttd twd tzs uah ugx usd uyu uzs ves vnd vuv wst xaf xcd xcg xof xpf yer
  zar zmw zwg`.split(/\s+/),
);

const DIGITS: ReadonlyMap<string, number> = new Map([
  ...'bif clp djf gnf isk jpy kmf krw pyg rwf ugx vnd vuv xaf xof xpf'.split(' ').map(code => [code, 0] as const),
  ...'bhd iqd jod kwd lyd omr tnd'.split(' ').map(code => [code, 3] as const),
]);

/** Whether it is the code of a currency in use, in small letters. */
export function isCurrency(code: string): boolean {
  return IN_USE.has(code);
}

/** How many digits after the point an amount in its smallest unit has. */
export function minorDigits(code: string): number {
  return DIGITS.get(code.toLowerCase()) ?? 2;
}

/** `4800` of usd as `48.00 USD`: exact, for whole amounts of the smallest unit. */
export function moneyText(amount: number, code: string): string {
  const digits = minorDigits(code);
  const figures = String(Math.abs(amount)).padStart(digits + 1, '0');
  const whole = digits === 0 ? figures : `${figures.slice(0, -digits)}.${figures.slice(-digits)}`;
  return `${amount < 0 ? '-' : ''}${whole} ${code.toUpperCase()}`;
}
