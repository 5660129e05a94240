import type { NetPixels } from '../native.ts';
import type { ChannelOrder, Fit } from './net.ts';
import type { InputValues, ValueTables } from './values.ts';

/** What surrounds a picture that keeps its shape: the grey of YOLO's. */
const GREY = 114;
/** Red, green and blue. */
export const CHANNELS = 3;

/** Where a picture stands in a net's square, in its pixels. */
export interface Place {
  left: number;
  top: number;
}

/** How a net's input is laid out. */
export interface InputLayout {
  side: number;
  order: ChannelOrder;
  fit: Fit;
  /** Blue first. */
  swapRb: boolean;
  tables: ValueTables;
}

/** Where a picture of `width` by `height` stands in the square. */
export function placePicture(fit: Fit, side: number, width: number, height: number): Place {
  if (fit !== 'center') return { left: 0, top: 0 };
  return { left: middle(side - width), top: middle(side - height) };
}

/** An odd pixel is at the end. */
function middle(room: number): number {
  return Math.floor(room / 2);
}

/** Writes a picture into a net's input, `side * side * 3` values. */
export function layOut(pixels: NetPixels, layout: InputLayout, values: InputValues): Place {
  const { side, order, fit, swapRb, tables } = layout;
  const { width, height, rgb } = pixels;
  const place = placePicture(fit, side, width, height);
  const [ofPixel, ofChannel] = order === 'nhwc' ? [CHANNELS, 1] : [1, side * side];
  for (let channel = 0; channel < CHANNELS; ++channel) {
    // The tables are those of the colours, wherever a colour stands.
    const color = swapRb ? CHANNELS - 1 - channel : channel;
    const table = tables[color as 0 | 1 | 2];
    if (width < side || height < side) fill(values, channel * ofChannel, ofPixel, table[GREY]!);
    for (let y = 0; y < height; ++y) {
      let to = channel * ofChannel + ((place.top + y) * side + place.left) * ofPixel;
      let from = y * width * CHANNELS + color;
      for (let x = 0; x < width; ++x) {
        values[to] = table[rgb[from]!]!;
        to += ofPixel;
        from += CHANNELS;
      }
    }
  }
  return place;

  function fill(into: InputValues, first: number, step: number, value: number): void {
    const end = first + side * side * step;
    for (let at = first; at < end; at += step) into[at] = value;
  }
}
