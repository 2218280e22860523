import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { ICON_SIZES } from './icons.ts'

/** What Electron needs of a desktop; since 2024 some of it has another name (`t64`). */
const DEPENDS = [
  'libc6 (>= 2.31)',
  'libgtk-3-0 | libgtk-3-0t64',
  'libnss3',
  'libgbm1',
  'libasound2 | libasound2t64',
  'xdg-utils',
]
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' }

export interface DebianPackage {
  /** The packed app, as electron-builder leaves it. */
  readonly unpacked: string
  readonly icons: string
  /** LICENSE and CHANGELOG.md of the project lie here. */
  readonly root: string
  readonly version: string
  /** Of the machine it is made on: `x64`, `arm64`. */
  readonly arch: string
  readonly target: string
  /** Of dpkg-deb; xz is small and slow. */
  readonly compression?: readonly string[]
}

/**
 * Makes a Debian package with dpkg-deb: the app in /opt/CoTrain, the command `cotrain`, an entry of the menu, the types of
 * files and links that it opens. It has no scripts: what must be told of new entries watches those folders itself.
 * @throws Error where dpkg-deb is missing or refuses
 */
export function makeDebian({
  unpacked,
  icons,
  root,
  version,
  arch,
  target,
  compression = ['-Zxz'],
}: DebianPackage): void {
  const architecture = ARCHITECTURES[arch]
  if (architecture === undefined) throw new Error(`Debian has no name for the processor ${arch}.`)
  const tree = mkdtempSync(join(tmpdir(), 'cotrain-deb-'))
  const put = (path: string, content: string | Buffer): void => {
    mkdirSync(join(tree, path, '..'), { recursive: true })
    writeFileSync(join(tree, path), content, { mode: 0o644 })
  }
  try {
    cpSync(unpacked, join(tree, 'opt/CoTrain'), { recursive: true, verbatimSymlinks: true })
    // Where a system keeps namespaces from programs, Chromium makes its sandbox with this one's rights.
    chmodSync(join(tree, 'opt/CoTrain/chrome-sandbox'), 0o4755)
    mkdirSync(join(tree, 'usr/bin'), { recursive: true })
    symlinkSync('/opt/CoTrain/resources/cotrain', join(tree, 'usr/bin/cotrain'))
    put('usr/share/applications/cotrain.desktop', DESKTOP)
    put('usr/share/mime/packages/cotrain.xml', MIME)
    for (const size of ICON_SIZES) {
      const folder = join(tree, `usr/share/icons/hicolor/${size}x${size}/apps`)
      mkdirSync(folder, { recursive: true })
      copyFileSync(join(icons, `${size}x${size}.png`), join(folder, 'cotrain.png'))
    }
    put('usr/share/doc/cotrain/copyright', readFileSync(join(root, 'LICENSE')))
    const changes = gzipSync(readFileSync(join(root, 'CHANGELOG.md')), { level: 9 })
    put('usr/share/doc/cotrain/changelog.gz', changes)
    put('DEBIAN/control', control(version, architecture, sizeOf(tree)))
    runDpkg(['--root-owner-group', ...compression, '--build', tree, target])
  } finally {
    rmSync(tree, { recursive: true, force: true })
  }
}

function runDpkg(words: readonly string[]): void {
  const { status, stderr, error } = spawnSync('dpkg-deb', words, { encoding: 'utf8' })
  if (error !== undefined) throw new Error('A Debian package needs dpkg-deb (apt install dpkg).')
  if (status !== 0) throw new Error(`dpkg-deb refuses: ${stderr}`)
}

/** In kibibytes, as the package manager shows it. */
function sizeOf(folder: string): number {
  const bytes = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + lstatSync(join(entry.parentPath, entry.name)).size, 0)
  return Math.ceil(bytes / 1024)
}

const control = (version: string, architecture: string, kibibytes: number): string =>
  `Package: cotrain
Version: ${version}
Architecture: ${architecture}
Maintainer: The CoTrain developers <cotrain@localhost>
Installed-Size: ${kibibytes}
Depends: ${DEPENDS.join(', ')}
Section: science
Priority: optional
Description: Co-train networks on images and on neural responses
 Trains networks on image classification and on the responses of visual cortex,
 alone and together, and compares the runs side by side.
`

const DESKTOP = `[Desktop Entry]
Type=Application
Name=CoTrain
Comment=Co-train networks on images and on neural responses
Exec=/opt/CoTrain/cotrain %U
Icon=cotrain
Terminal=false
StartupWMClass=CoTrain
Categories=Science;Education;
MimeType=application/x-cotrain+yaml;application/x-cotrain-network;x-scheme-handler/cotrain;
`

const MIME = `<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="application/x-cotrain+yaml">
    <comment>CoTrain experiment</comment>
    <sub-class-of type="application/yaml"/>
    <glob pattern="*.cotrain.yaml" weight="60"/>
  </mime-type>
  <mime-type type="application/x-cotrain-network">
    <comment>CoTrain network</comment>
    <sub-class-of type="application/zip"/>
    <glob pattern="*.cotrain" weight="60"/>
  </mime-type>
</mime-info>
`
