import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressOf, newPid, readPid, writePid } from './pid.ts'

const siteAddress = 'https://data.example.org'

test('new ids have six characters that nobody mixes up, after the shoulder', () => {
  const perma = newPid({ protocol: 'perma', authority: 'tessera', shoulder: '', siteAddress })
  assert.match(writePid(perma), /^perma:tessera\/[2-9A-HJ-NP-Z]{6}$/)
  assert.equal(addressOf(perma, siteAddress), `${siteAddress}/datasets/${writePid(perma)}`)
  const doi = newPid({ protocol: 'doi', authority: '10.5072', shoulder: 'FK2/', siteAddress })
  assert.match(writePid(doi), /^doi:10\.5072\/FK2\/[2-9A-HJ-NP-Z]{6}$/)
  assert.equal(addressOf(doi, siteAddress), `https://doi.org/10.5072/${doi.identifier}`)
})

test('an id is read from its plain form and from every address that it leads to', () => {
  for (const [written, pid] of [
    ['doi:10.5072/FK2/J8SJZB', 'doi:10.5072/FK2/J8SJZB'],
    ['DOI:10.5072/fk2/x', 'doi:10.5072/fk2/x'],
    ['https://doi.org/10.5072/FK2/J8SJZB', 'doi:10.5072/FK2/J8SJZB'],
    ['http://dx.doi.org/10.5072/FK2/J8SJZB', 'doi:10.5072/FK2/J8SJZB'],
    ['https://hdl.handle.net/1902.1/111', 'hdl:1902.1/111'],
    ['https://data.example.org/datasets/perma:tessera/ABC123', 'perma:tessera/ABC123'],
    ['https://data.example.org/datasets/perma%3Atessera%2FABC123', 'perma:tessera/ABC123'],
    ['perma:tessera/ABC123 ', 'perma:tessera/ABC123'],
    ['42', null],
    ['physics', null],
    ['ark:/123', null],
    ['doi:', null],
    ['doi:a b', null],
    ['https://doi.org/%E0%A4%A', null],
    ['', null],
  ] as const)
    assert.equal(readPid(written), pid, written)
})
