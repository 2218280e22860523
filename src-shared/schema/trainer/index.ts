import type { Component } from '../component.ts'

export const trainers: readonly Component[] = []
