// Writes the lists of words from the packages that NOTICE.md names, one word a
// line, sorted. The English list is unchanged and stays as it is.
//
//   apt-get download diceware && dpkg-deb -x diceware_*.deb deb
//   npm install --ignore-scripts @scure/bip39@2.4.0
//   node make.mjs deb/usr/lib/python3/dist-packages/diceware/wordlists .
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const [diceware, out] = process.argv.slice(2)
if (!out) throw new Error('usage: node make.mjs DICEWARE DIRECTORY')

// Nobody wants to be handed these by a shop: slurs, violence, sex, drugs,
// death, and faiths and origins.
const unwanted = {
  de: `aids anal blut bombe busen christ crack depp dirne doof droge dumm eiter ekel ermorden ermordet ficken
    folter galgen gehasst geil gewalt grab haschen hass henker heroin hoden homo idiot islam joint jude killer kokain
    kondom kotzen krebs krieg leiche lesbe lesbisch luder mongole mord moslem muslim nackt opfer opium penis pest
    pogrom porno puff rasse rufmord sarg satan saufen schwul sexismus sexshop sexszene sexual sexuell sexy sklave
    sterben sucht suff terror todernst todestag todfeind todkrank tote tumor urin vagina waffe wichser`,
  fr: '',
  es: 'aborto bomba desnudo droga guerra matar muerte negro sexo terror vulgar',
  it: '',
  pt: 'negrito nudez',
  cs: 'mrtvola smrtka usmrtit vrah',
}

const write = (language, words) => {
  const drop = new Set(unwanted[language].split(/\s+/))
  const kept = [...new Set(words.map((w) => w.normalize('NFC')))].filter((w) => /^[a-z]+$/.test(w) && !drop.has(w)).sort()
  fs.writeFileSync(path.join(out, `${language}.txt`), kept.join('\n') + '\n')
  console.log(language, kept.length)
}

write('de', fs.readFileSync(path.join(diceware, 'wordlist_de.txt'), 'utf8').trim().split('\n').map((line) => line.split(' ')[1]))
for (const [language, name] of [['fr', 'french'], ['es', 'spanish'], ['it', 'italian'], ['pt', 'portuguese'], ['cs', 'czech']]) {
  const file = path.resolve('node_modules/@scure/bip39/wordlists', name + '.js')
  write(language, (await import(pathToFileURL(file))).wordlist)
}
