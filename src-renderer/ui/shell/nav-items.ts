import {
  Database,
  FlaskConical,
  GitCompareArrows,
  House,
  ListOrdered,
  Rows3,
  SlidersHorizontal,
} from '@lucide/vue'
import type { Component } from 'vue'

export interface NavItem {
  readonly to: string
  readonly label: string
  readonly icon: Component
  readonly keys: string
}

/** The views in the order of the work: data, experiment, queue, runs, families of them, comparison. */
export const NAV: readonly NavItem[] = [
  { to: '/', label: 'Start', icon: House, keys: 'Mod+1' },
  { to: '/data', label: 'Data', icon: Database, keys: 'Mod+2' },
  { to: '/edit', label: 'Experiment', icon: SlidersHorizontal, keys: 'Mod+3' },
  { to: '/queue', label: 'Queue', icon: ListOrdered, keys: 'Mod+4' },
  { to: '/runs', label: 'Runs', icon: Rows3, keys: 'Mod+5' },
  { to: '/families', label: 'Families', icon: FlaskConical, keys: 'Mod+8' },
  { to: '/compare', label: 'Compare', icon: GitCompareArrows, keys: 'Mod+6' },
]
