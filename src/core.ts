import { ConfigError } from './config/errors.ts';
import type { Config } from './config/table.ts';
import { type AnswerInfo, createInfo } from './info/info.ts';
import { ModelAnswers } from './info/model-answers.ts';
import { PixelReader } from './info/pixels.ts';
import { shareAnswers } from './info/shared.ts';
import { readNets, shareThreads } from './models/configured.ts';
import { createModels, type Models } from './models/models.ts';
import { type Analyze, type AnalyzeFrame, canDecode, type Probe } from './native.ts';
import { FileOpener } from './source/file.ts';
import { HttpOpener } from './source/http.ts';
import { SchemeOpener } from './source/scheme.ts';
import { createAllowedSources } from './url/allowed-sources.ts';

/** Bytes held of one file at the most: metadata of real files is a small part of it. */
const MAX_HELD = 128 * 1024 * 1024;

/** All but the server: what answers, over the sources that are configured. */
export interface Core {
  answerInfo: AnswerInfo;
  models: Models;
  /** Closes the connections to origins and ends the models' processes. */
  close(): Promise<void>;
}

/** What reads files: the addon's own functions, or watched ones. */
export interface Readers {
  probe: Probe;
  analyze: Analyze;
  analyzeFrame: AnalyzeFrame;
}

/**
 * Makes the sources and what answers from them.
 *
 * @param streams Pictures that a model is asked about at a time, in this process.
 * @throws ConfigError where a model's files are wrong
 */
export function createCore(
  config: Config,
  { probe, analyze, analyzeFrame }: Readers,
  streams = shareThreads(config).streams,
): Core {
  const models = openModels(config, streams);
  const modelAnswers = new ModelAnswers(models, {
    mode: config.objectDetectionGravityMode,
    fallsBackToAttention: config.objectDetectionFallbackToSmartCrop,
  });
  const http = createHttpOpener(config);
  const sources = new SchemeOpener({ http, https: http, ...localOpener(config) });
  const pixels = new PixelReader({ analyze, analyzeFrame, canDecode }, modelAnswers, {
    maxAnimationFrames: config.maxAnimationFrames,
    maxAnimationFrameResolution: config.maxAnimationFrameResolution,
    pngUnlimited: config.pngUnlimited,
    svgUnlimited: config.svgUnlimited,
    time: config.probeTimeout * 1000,
    maxRounds: config.maxRounds,
    maxBytes: MAX_HELD,
    developsRaw: config.enableRawFormats,
    ...(config.enableVideoThumbnails && {
      film: {
        videoThumbnailProbeSize: config.videoThumbnailProbeSize,
        videoThumbnailMaxAnalyzeDuration: config.videoThumbnailMaxAnalyzeDuration,
      },
    }),
  });
  const answerInfo = createInfo(sources, probe, pixels, {
    firstRange: config.firstRange,
    maxRounds: config.maxRounds,
    maxBytes: MAX_HELD,
  });
  const shared = shareAnswers(answerInfo);
  return {
    answerInfo: (sourceUrl, asked, request) =>
      shared(sourceUrl, modelAnswers.withoutMissing(asked), request),
    models,
    async close() {
      models.detector?.close();
      models.classifier?.close();
      await http.close();
    },
  };
}

function openModels(config: Config, streams: number): Models {
  const mistakes: string[] = [];
  const nets = readNets(config, mistakes);
  if (mistakes.length > 0) throw new ConfigError(mistakes);
  return createModels(nets, config.classificationThreshold, {
    streams,
    threads: shareThreads(config).threads,
    timeout: config.probeTimeout * 1000,
  });
}

function createHttpOpener(config: Config): HttpOpener {
  return new HttpOpener({
    downloadTimeout: config.downloadTimeout * 1000,
    keepAliveTimeout: config.clientKeepAliveTimeout * 1000,
    maxRedirects: config.maxRedirects,
    allowedSources: createAllowedSources(config.allowedSources),
    userAgent: config.userAgent,
    customRequestHeaders: Object.fromEntries(config.customRequestHeaders),
    allowLoopbackAddresses: config.allowLoopbackSourceAddresses,
    allowLinkLocalAddresses: config.allowLinkLocalSourceAddresses,
    allowPrivateAddresses: config.allowPrivateSourceAddresses,
    ignoreSslVerification: config.ignoreSslVerification,
    maxReadOn: config.maxReadOn,
    maxFileSize: config.maxSrcFileSize,
  });
}

/** Local files are a source only where a root is configured. */
function localOpener(config: Config): { local?: FileOpener } {
  if (config.localFilesystemRoot === '') return {};
  return {
    local: new FileOpener({
      root: config.localFilesystemRoot,
      querySeparator: config.sourceUrlQuerySeparator,
      maxFileSize: config.maxSrcFileSize,
    }),
  };
}
