/** One frame as a picture to be delivered: a JPEG at full quality that says about itself what a film would. */
import type { Canvas } from '@napi-rs/canvas';
import sharp from 'sharp';

const QUALITY = 95;
/** The namespace of the keys that no standard one holds. */
const OWN = 'urn:mutoscope:label';

/** Encodes the canvas; `metadata` goes into its XMP packet, key by key. */
export function encodePicture(canvas: Canvas, metadata: Readonly<Record<string, string>>): Promise<Buffer> {
  const { width, height } = canvas;
  const pixels = canvas.getContext('2d').getImageData(0, 0, width, height).data;
  return sharp(pixels, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .withXmp(packetOf(metadata))
    .jpeg({ quality: QUALITY, chromaSubsampling: '4:4:4' })
    .toBuffer();
}

function packetOf(metadata: Readonly<Record<string, string>>): string {
  const { DigitalSourceType, ...own } = metadata;
  const source = DigitalSourceType ? [element('Iptc4xmpExt:DigitalSourceType', DigitalSourceType)] : [];
  const lines = [...source, ...Object.entries(own).map(([key, value]) => element(`label:${key}`, value))];
  return `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:label="${OWN}">
${lines.join('\n')}
</rdf:Description></rdf:RDF></x:xmpmeta>`;
}

function element(name: string, value: string): string {
  const escaped = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<${name}>${escaped}</${name}>`;
}
