import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { EngineWish } from '../../../../src-shared/contract/engine-wish.ts'
import { cotrainHome } from '../../../disk/home.ts'
import { bindingDigest } from './hold-signals.ts'
import { sha256OfFile } from '../../../disk/sha256.ts'
import { homeLayout } from '../../../disk/home-layout.ts'

/** Ways to a TensorFlow library. */
export const ROUTES = ['configured', 'python', 'cuda', 'cuda11', 'wheel', 'official'] as const
export type NativeRoute = (typeof ROUTES)[number]

/** What became of one route; failed and skipped ones keep their reason. */
export interface RouteAttempt {
  readonly route: NativeRoute
  readonly outcome: 'used' | 'failed' | 'skipped'
  readonly reason: string
  readonly seconds: number
}

/** A file whose identity was recorded when it was accepted. */
export interface RecordedFile {
  readonly path: string
  readonly bytes: number
  readonly mtimeMs: number
  readonly sha256: string
}

/** Contents of `native.json`: which library was accepted and how every route ended. */
export interface NativeInfo {
  readonly kind: NativeRoute | 'none'
  /** TensorFlow's version, '' when there is none. */
  readonly version: string
  readonly libDir: string
  readonly addon: string
  /** Loaded before the addon, in this order. */
  readonly libraries: readonly string[]
  readonly gpu: boolean
  readonly tfjsVersion: string
  /** What the binding was compiled with beside tfjs-node's sources; absent in records of earlier versions. */
  readonly binding?: string
  readonly platform: string
  /** The configured folder this was found with. */
  readonly configured?: string
  /** Folders the spawner puts on the library search path (CUDA beside a Python TensorFlow). */
  readonly libraryPath: readonly string[]
  readonly files: readonly RecordedFile[]
  /** Which engine was wanted and why this one was chosen; absent in records of earlier versions. */
  readonly wish?: EngineWish
  readonly why?: string
  /** What was downloaded, with its checksum. */
  readonly downloads: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[]
  readonly routes: readonly RouteAttempt[]
  /** Milliseconds since 1970 of the last attempt. */
  readonly checkedAt: number
}

const require = createRequire(import.meta.url)

/** Version of the JavaScript half; the addon is compiled from its sources. */
export const tfjsVersion = (): string =>
  (require('@tensorflow/tfjs-node-gpu/package.json') as { version: string }).version

export const platformName = (): string => `${process.platform}-${process.arch}`

/** Where the native engine lives; never inside node_modules, which `npm ci` wipes. */
export const engineFolder = (home: string = cotrainHome()): string => homeLayout(home).engine

/** The recorded state, or null where nothing was tried yet or the file cannot be read. */
export async function readNativeInfo(folder: string): Promise<NativeInfo | null> {
  try {
    const value = JSON.parse(await readFile(join(folder, 'native.json'), 'utf8')) as NativeInfo
    return Array.isArray(value.routes) && Array.isArray(value.files) ? value : null
  } catch {
    return null
  }
}

/** Writes `native.json` whole or not at all. */
export async function writeNativeInfo(folder: string, info: NativeInfo): Promise<void> {
  await mkdir(folder, { recursive: true })
  const part = join(folder, `native.json.${process.pid}.part`)
  await writeFile(part, `${JSON.stringify(info, null, 2)}\n`)
  await rename(part, join(folder, 'native.json'))
}

/** Reason why a recorded library must be provisioned again, or null when it can be used: version, size and time only. */
export async function staleReason(info: NativeInfo): Promise<string | null> {
  if (info.tfjsVersion !== tfjsVersion())
    return `recorded for tfjs-node ${info.tfjsVersion}, now ${tfjsVersion()}`
  if (info.binding !== bindingDigest()) return 'its binding is of another version of CoTrain'
  if (info.platform !== platformName()) return `recorded on ${info.platform}, now ${platformName()}`
  if (info.kind === 'none') return 'no route led to a library'
  for (const file of info.files) {
    const now = await stat(file.path).catch(() => null)
    if (now === null) return `${file.path} is gone`
    if (now.size !== file.bytes || Math.abs(now.mtimeMs - file.mtimeMs) > 1) return `${file.path} has changed`
  }
  return null
}

export async function recordFile(path: string): Promise<RecordedFile> {
  const { size, mtimeMs } = await stat(path)
  return { path, bytes: size, mtimeMs, sha256: await sha256OfFile(path) }
}

/** Full check of every recorded file against its SHA-256; the paths that differ. */
export async function damagedFiles(info: NativeInfo): Promise<readonly string[]> {
  const damaged: string[] = []
  for (const file of info.files) {
    const now = await sha256OfFile(file.path).catch(() => null)
    if (now !== file.sha256) damaged.push(file.path)
  }
  return damaged
}
