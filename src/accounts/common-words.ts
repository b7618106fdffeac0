/** What guessers combine first: written in lower case and without substitutions. */
export const commonWords: readonly string[] = `
  password passwort passphrase passwd kennwort motdepasse contrasena contraseña parola senha wachtwoord
  admin administrator superuser username login signin welcome willkommen bienvenue hello hallo
  changeme letmein access secret geheim default temporary test tester testing demo example sample
  iloveyou sunshine princess dragon monkey football baseball basketball soccer hockey master shadow superman
  batman spiderman pokemon starwars trustno charlie michael jordan jessica ashley daniel computer internet whatever
  freedom flower summer winter spring autumn january february april june july august september october
  november december monday tuesday wednesday thursday friday saturday sunday company server portal cluster
  qwertyuiop qwertzuiop asdfghjkl yxcvbnm zxcvbnm qwerty qwertz azerty asdfgh asdf zxcvbn poiuytrewq lkjhgfdsa mnbvcxz
  1qaz2wsx 1qaz 2wsx 3edc 4rfv 1q2w3e4r5t 1q2w3e4r 1q2w3e q1w2e3r4 zaq12wsx zaq1 xsw2 qazwsx 7890 0987
  correct horse battery staple tessera xdmod dataverse warehouse token
`
  .trim()
  .split(/\s+/)
