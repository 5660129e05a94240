// Videos against ffprobe's reading.

function rotation(stream) {
  const matrix = (stream.side_data_list ?? []).find((data) => data.rotation !== undefined);
  return Math.abs(Number(matrix?.rotation ?? 0)) % 180 === 90;
}

export function compareVideo(info, ffprobe, tell) {
  if (!ffprobe) {
    tell('video alone', info.format, null);
    return;
  }
  if (ffprobe.format.format_name !== info.format) {
    tell('video format', info.format, ffprobe.format.format_name);
  }
  const picture = ffprobe.streams.find(
    (stream) => stream.codec_type === 'video' && !stream.disposition?.attached_pic,
  );
  if (picture) {
    const { width, height } = picture;
    const theirs = rotation(picture) ? `${height}x${width}` : `${width}x${height}`;
    const ours = `${info.width}x${info.height}`;
    if (ours !== theirs) tell('video size', ours, theirs);
  }
  const ours = JSON.parse(info.videoStreams ?? '[]');
  if (ours.length !== ffprobe.streams.length) {
    tell('video streams', ours.length, ffprobe.streams.length);
    return;
  }
  for (const [index, theirs] of ffprobe.streams.entries()) compareStream(ours[index], theirs, tell);
  const tags = JSON.parse(info.videoMeta ?? '{}');
  for (const [name, value] of Object.entries(ffprobe.format.tags ?? {})) {
    if (tags[name] !== value) tell('video tag', `${name}: ${tags[name]}`, `${name}: ${value}`);
  }
}

function compareStream(ours, theirs, tell) {
  const same = (field, our, their) => {
    if (our !== their) tell(`video ${field}`, our ?? null, their ?? null);
  };
  same('stream type', ours.type, theirs.codec_type);
  same('codec', ours.codec, theirs.codec_name);
  const duration = Number(theirs.duration ?? 0);
  if (duration > 0 && Math.abs(duration - (ours.duration ?? 0)) > 0.1) {
    tell('video duration', ours.duration ?? null, duration);
  }
  if (theirs.codec_type === 'video') {
    const [numerator, denominator] = (theirs.avg_frame_rate ?? '0/0').split('/').map(Number);
    const fps = denominator ? numerator / denominator : 0;
    if (fps > 0 && Math.abs(fps - (ours.fps ?? 0)) > 0.02 * fps) {
      tell('video fps', ours.fps ?? null, fps);
    }
  } else if (theirs.codec_type === 'audio') {
    same('frequency', ours.frequency, Number(theirs.sample_rate));
    same('layout', ours.layout, theirs.channel_layout);
  }
  const language = theirs.tags?.language;
  if (language !== undefined && language !== 'und') same('language', ours.language, language);
}
