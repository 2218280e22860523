import { describe, expect, it } from 'vitest'
import { scrubReport, scrubbed } from '../../../../src-shared/util/scrub-report.ts'

describe('a report', () => {
  it('does not tell who somebody is', () => {
    const text = '/home/ann/runs/a and /Users/Bob/x, C:\\Users\\Carl\\y, /root/z, ann@lab.example'
    expect(scrubReport(text)).toBe('~/runs/a and ~/x, ~\\y, ~/z, <mail>')
    const known = { home: '/data/people/ann', user: 'ann', host: 'gpu-7.lab' }
    expect(scrubReport('ann on gpu-7.lab: /data/people/ann/x, annual, (Ann)', known)).toBe(
      '<user> on <host>: ~/x, annual, (<user>)',
    )
  })

  it('lets nobody in', () => {
    expect(
      scrubReport(
        'GET http://127.0.0.1:4/launch/abc-_1 cotrain-4=xyz; Bearer abcdefghijk https://a:b@host/ token=t1&x, API_KEY: k2, "password":"p3"',
      ),
    ).toBe(
      'GET http://127.0.0.1:4/launch/<token> cotrain-4=<cookie>; Bearer <secret> https://<user>:<secret>@<host>/ token=<secret>&x, API_KEY: <secret>, "password":"<secret>"',
    )
  })

  it.each([
    ['a Windows path', 'C:\\Users\\Carl\\runs\\a; Carl said', '~\\runs\\a; <user> said'],
    ['one with other slashes, and of WSL', 'C:/Users/Carl/x /mnt/c/Users/Carl/y', '~/x ~/y'],
    ['a network share', '\\\\nas-3\\lab\\x', '\\\\<host>\\lab\\x'],
    [
      'the name of a home elsewhere',
      '/home/ann/a is not on /scratch/ann/b',
      '~/a is not on /scratch/<user>/b',
    ],
    [
      'machines',
      'https://mirror.lab.example:8/x, process 12 on gpu-7.lab, 10.1.2.3',
      'https://<host>:8/x, process 12 on <host>, <address>',
    ],
    [
      'tokens',
      'ghp_0123456789abcdefABCD hf_0123456789abcdefABCD eyJhbGciOiJI.eyJzdWIiOiIx.c2ln',
      '<secret> <secret> <secret>',
    ],
  ])('is without %s', (_, text, expected) => {
    expect(scrubReport(text)).toBe(expected)
  })

  it('says what was taken out', () => {
    const { removed } = scrubbed('/home/ann/a, /home/ann/b, a@b.org, token=x1')
    expect(removed).toEqual(['2 × home folder', '1 × token or password', '1 × mail address'])
    expect(scrubbed('out of memory').removed).toEqual([])
  })

  it('keeps what is needed to help, and names that everybody has', () => {
    const text =
      'http://127.0.0.1:4/, http://localhost:5, version 10.2.1, node 20, root of the user, out of memory at layer 3 (2.5 GB), file ./a/b.ts:3:4'
    expect(scrubReport(text, { home: '/', user: 'root', host: 'localhost' })).toBe(text)
  })
})
