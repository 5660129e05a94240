import { readReference } from '../../corpus.ts';

interface Probe {
  format?: { format_name: string; duration?: string; tags?: Record<string, string> };
  streams?: {
    codec_type: string;
    codec_name?: string;
    duration?: string;
    bit_rate?: string;
    avg_frame_rate?: string;
    sample_rate?: string;
    channel_layout?: string;
    tags?: { language?: string };
  }[];
}

/** What ffprobe says of a file, in the answer's shape. */
export function ffprobeAnswer(path: string) {
  const probe: Probe = JSON.parse(readReference(path, 'ffprobe.json') ?? '{}');
  return {
    format: probe.format?.format_name,
    video_meta: probe.format?.tags ?? {},
    video_streams: (probe.streams ?? []).map((stream) => ({
      type: stream.codec_type,
      codec: stream.codec_name,
      duration: number(stream.duration) ?? number(probe.format?.duration),
      bps: number(stream.bit_rate),
      fps: stream.codec_type === 'video' ? ratio(stream.avg_frame_rate) : undefined,
      frequency: number(stream.sample_rate),
      layout: stream.channel_layout,
      language: stream.tags?.language,
    })),
  };
}

function number(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

function ratio(text = ''): number | undefined {
  const [above = 0, below = 0] = text.split('/').map(Number);
  return below === 0 ? undefined : above / below;
}
