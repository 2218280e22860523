import { readdirSync, readFileSync } from 'node:fs'
import { arch, cpus } from 'node:os'
import { join } from 'node:path'
import { vectorFeatures } from './cpu.ts'

/** Maker, family, model, stepping and vector extensions: everything by which a library chooses its kernels. */
export function processorName(cpuinfo: string = readText('/proc/cpuinfo')): string {
  const field = (name: string): string =>
    new RegExp(`^${name}\\s*:\\s*(.*)$`, 'm').exec(cpuinfo)?.[1]?.trim() ?? ''
  const maker = field('vendor_id')
  const named = cpus()[0]?.model.trim() ?? 'unknown'
  if (maker === '') return `${named} (${arch()})`
  const numbers = `family ${field('cpu family')} model ${field('model')} stepping ${field('stepping')}`
  return `${maker} ${numbers} (${vectorFeatures(cpuinfo).join(' ')})`
}

/** Cards and the version of their driver; '' where there are none. */
export function graphicsName(proc = '/proc/driver/nvidia'): string {
  const version = /Kernel Module\s+(?:for \S+\s+)?(\S+)/.exec(readText(join(proc, 'version')))?.[1]
  if (version === undefined) return ''
  const cards = foldersIn(join(proc, 'gpus')).map(
    (card) => /^Model:\s*(.*)$/m.exec(readText(join(proc, 'gpus', card, 'information')))?.[1]?.trim() ?? card,
  )
  return `${cards.join(', ')}, driver ${version}`
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return '' // other systems have no such file
  }
}

function foldersIn(path: string): readonly string[] {
  try {
    return readdirSync(path)
  } catch {
    return []
  }
}
