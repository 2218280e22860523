import type { Component } from '../component.ts'

export const datasets: readonly Component[] = []
