import type { AdmissionAnswer } from '../../../src/compiler/admit/index.js';

type Offer = AdmissionAnswer['counterOffers'][number];

/** What a request would say with an offer in place of its own words. */
export function applied(request: string, { changes, text, value }: Offer): string {
  if (changes === 'guests')
    return request
      .replace(/up to \d+ vms/, `up to ${value} vms`)
      .replace(/offer \d+ vms/, `offer ${value} vms`);
  const [verb = '', ...rest] = text.split(' ');
  if (request.startsWith('offer'))
    return request.replace(new RegExp(`${verb} .*? }`), `${verb} ${rest.join(' ')} }`);
  return request.replace(
    new RegExp(`(${verb} \\w+) [^\\n]*?( by \\w+| and [^\\n]*)?$`, 'm'),
    (_, head: string, tail = '') => `${head} ${rest.join(' ')}${tail}`,
  );
}

/** The same, one step better for whom it is for. */
export function beyond(request: string, offer: Offer): string {
  const us = (ns: number) => `${ns / 1000}us`;
  switch (offer.changes) {
    case 'guests':
      return applied(request, { ...offer, value: offer.value + 1 });
    case 'guarantee':
      return applied(request, { ...offer, text: `guarantee ${(offer.value + 0.01).toFixed(2)} cores` });
    case 'budget':
      return applied(request, {
        ...offer,
        text: offer.text.replace(/reserve \S+/, `reserve ${us(offer.value + 1000)}`),
      });
    case 'period':
    case 'window':
      return applied(request, {
        ...offer,
        text: offer.text.replace(/(every|in any) \S+/, `$1 ${us(offer.value - 1000)}`),
      });
  }
}
