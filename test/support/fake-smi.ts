import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from './temp-folder.ts'

/** One line of what NVIDIA's tool tells of a card. */
export const A100 = 'GPU-1, NVIDIA A100-SXM4-80GB, 81920, 80000, 550.54.15, 8.0, Disabled'

export interface FakeSmi {
  /** A field that it does not know and refuses. */
  readonly unknown?: string
  /** What it prints for `-L`, the list of cards with their instances. */
  readonly list?: readonly string[]
  /** Processes that compute, `pid, MiB`; `$PPID` is the one that asks. */
  readonly apps?: readonly string[]
  /** Memory in use by card, `uuid, MiB`. */
  readonly used?: readonly string[]
  /** Where it lies. */
  readonly folder?: string
}

/** A stand-in of NVIDIA's tool (a shell script), which answers with these lines and refuses fields that it does not know. */
export function fakeSmi(
  lines: readonly string[],
  { unknown = '', list = [], apps = [], used = [], folder = temporaryFolder() }: FakeSmi = {},
): string {
  const path = join(folder, 'nvidia-smi')
  const refuse =
    unknown === '' ? [] : [`case "$1" in *${unknown}*) echo "Field is not a valid field"; exit 2;; esac`]
  const answer = (query: string, rows: readonly string[]): string =>
    `case "$1" in ${query}) ${rows.map((row) => `echo "${row}"; `).join('')}exit 0;; esac`
  const others = [
    answer('--query-compute-apps=pid,used_memory', apps),
    answer('--query-gpu=uuid,memory.used', used),
  ]
  // By the shell alone: it works also where nothing else is on the path.
  const printed = (text: readonly string[]): string[] => text.map((line) => `echo '${line}'`)
  const listed = ['if [ "$1" = -L ]; then', ...printed(list), 'exit 0; fi']
  writeFileSync(path, ['#!/bin/sh', ...refuse, ...others, ...listed, ...printed(lines), ''].join('\n'))
  chmodSync(path, 0o755)
  return path
}

/** Lines of this many cards, `GPU-a` and so on, each with 80,000 MiB free. */
export const cards = (count: number): string[] =>
  [...'abcdefgh'].slice(0, count).map((letter) => A100.replace('GPU-1', `GPU-${letter}`))

/** A card that is divided into two instances: its line, and the list of the tool with them. */
export const MIG_CARD = {
  line: A100.replace('GPU-1', 'GPU-m').replace('Disabled', 'Enabled'),
  list: [
    'GPU 0: NVIDIA A100-SXM4-80GB (UUID: GPU-m)',
    '  MIG 3g.20gb     Device  0: (UUID: MIG-1)',
    '  MIG 3g.20gb     Device  1: (UUID: MIG-2)',
  ],
}
