/** The languages of ISO 639-1 by their English names, several of which have more than one. */
export const languages: readonly string[] = `
Abkhaz|Afar|Afrikaans|Akan|Albanian|Amharic|Arabic|Aragonese|Armenian|Assamese|Avaric|Avestan|Aymara|Azerbaijani|Bambara
Bashkir|Basque|Belarusian|Bengali, Bangla|Bihari|Bislama|Bosnian|Breton|Bulgarian|Burmese|Catalan,Valencian|Chamorro|Chechen
Chichewa, Chewa, Nyanja|Chinese|Chuvash|Cornish|Corsican|Cree|Croatian|Czech|Danish|Divehi, Dhivehi, Maldivian|Dutch|Dzongkha
English|Esperanto|Estonian|Ewe|Faroese|Fijian|Finnish|French|Fula, Fulah, Pulaar, Pular|Galician|Ganda|Georgian|German
Greek (modern)|Guaraní|Gujarati|Haitian, Haitian Creole|Hausa|Hebrew (modern)|Herero|Hindi|Hiri Motu|Hungarian|Icelandic|Ido
Igbo|Indonesian|Interlingua|Interlingue|Inuktitut|Inupiaq|Irish|Italian|Japanese|Javanese|Kalaallisut, Greenlandic|Kannada
Kanuri|Kashmiri|Kazakh|Khmer|Kikuyu, Gikuyu|Kinyarwanda|Kirundi|Komi|Kongo|Korean|Kurdish|Kwanyama, Kuanyama|Kyrgyz|Lao|Latin
Latvian|Limburgish, Limburgan, Limburger|Lingala|Lithuanian|Luba-Katanga|Luxembourgish, Letzeburgesch|Macedonian|Malagasy
Malay|Malayalam|Maltese|Manx|Māori|Marathi (Marāṭhī)|Marshallese|Mixtepec Mixtec|Mongolian|Nauru|Navajo, Navaho|Ndonga|Nepali
Northern Ndebele|Northern Sami|Norwegian|Norwegian Bokmål|Norwegian Nynorsk|Nuosu|Occitan|Ojibwe, Ojibwa|Old Church Slavonic,Church Slavonic,Old Bulgarian
Oriya|Oromo|Ossetian, Ossetic|Pāli|Panjabi, Punjabi|Pashto, Pushto|Persian (Farsi)|Polish|Portuguese|Quechua|Romanian|Romansh
Russian|Samoan|Sango|Sanskrit (Saṁskṛta)|Sardinian|Scottish Gaelic, Gaelic|Serbian|Shona|Sindhi|Sinhala, Sinhalese|Slovak
Slovene|Somali|Southern Ndebele|Southern Sotho|Spanish, Castilian|Sundanese|Swahili|Swati|Swedish|Tagalog|Tahitian|Tajik|Tamil
Tatar|Telugu|Thai|Tibetan Standard, Tibetan, Central|Tigrinya|Tonga (Tonga Islands)|Tsonga|Tswana|Turkish|Turkmen|Twi
Ukrainian|Urdu|Uyghur, Uighur|Uzbek|Venda|Vietnamese|Volapük|Walloon|Welsh|Western Frisian|Wolof|Xhosa|Yiddish|Yoruba
Zhuang, Chuang|Zulu|Not applicable`
  .trim()
  .split(/[|\n]/)
