import Testing

@testable import InteractionLogs

/// What the beginning and the end of a text say about its language, beside what all of it says.
@Suite("Languages")
struct LanguageDetectionTests {
  /// Sentences of our own, which are shuffled into texts of several kilobytes.
  static let sentences: [String: [String]] = [
    "en": [
      "I walked home through the rain because the last bus had already left.",
      "Could you help me to write a letter to the people next door?",
      "My mother thinks that the garden needs more water in summer.",
      "We should have started earlier, but nobody wanted to get up.",
      "What is the best way to learn something that you do not like?",
      "The teacher explained it twice and I still did not understand it.",
      "It was cold in the kitchen, so we made some tea and talked.",
    ],
    "nl": [
      "Ik liep door de regen naar huis omdat de laatste bus al weg was.",
      "Kun je me helpen om een brief aan de buren te schrijven?",
      "Mijn moeder vindt dat de tuin in de zomer meer water nodig heeft.",
      "We hadden eerder moeten beginnen, maar niemand wilde opstaan.",
      "Wat is de beste manier om iets te leren dat je niet leuk vindt?",
      "De leraar legde het twee keer uit en ik begreep het nog steeds niet.",
      "Het was koud in de keuken, dus zetten we thee en praatten wat.",
    ],
    "de": [
      "Ich ging durch den Regen nach Hause, weil der letzte Bus schon weg war.",
      "Kannst du mir helfen, einen Brief an die Nachbarn zu schreiben?",
      "Meine Mutter findet, dass der Garten im Sommer mehr Wasser braucht.",
      "Wir hätten früher anfangen sollen, aber niemand wollte aufstehen.",
      "Wie lernt man am besten etwas, das man überhaupt nicht mag?",
      "Der Lehrer erklärte es zweimal und ich verstand es immer noch nicht.",
      "In der Küche war es kalt, also machten wir Tee und redeten.",
    ],
    "es": [
      "Volví a casa bajo la lluvia porque el último autobús ya había salido.",
      "¿Puedes ayudarme a escribir una carta para los vecinos?",
      "Mi madre cree que el jardín necesita más agua en verano.",
      "Deberíamos haber empezado antes, pero nadie quería levantarse.",
      "¿Cuál es la mejor manera de aprender algo que no te gusta?",
      "El profesor lo explicó dos veces y todavía no lo entendía.",
      "Hacía frío en la cocina, así que hicimos té y hablamos un rato.",
    ],
    "fr": [
      "Je suis rentré à pied sous la pluie parce que le dernier bus était parti.",
      "Peux-tu m'aider à écrire une lettre aux voisins de mes parents ?",
      "Ma mère pense que le jardin a besoin de plus d'eau en été.",
      "Nous aurions dû commencer plus tôt, mais personne ne voulait se lever.",
      "Quelle est la meilleure façon d'apprendre ce que l'on n'aime pas ?",
      "Le professeur l'a expliqué deux fois et je ne comprenais toujours pas.",
      "Il faisait froid dans la cuisine, alors nous avons fait du thé.",
    ],
    "it": [
      "Sono tornato a casa sotto la pioggia perché l'ultimo autobus era partito.",
      "Puoi aiutarmi a scrivere una lettera ai vicini di casa?",
      "Mia madre pensa che il giardino abbia bisogno di più acqua d'estate.",
      "Avremmo dovuto cominciare prima, ma nessuno voleva alzarsi.",
      "Qual è il modo migliore per imparare una cosa che non ti piace?",
      "L'insegnante lo ha spiegato due volte e ancora non lo capivo.",
      "In cucina faceva freddo, così abbiamo preparato il tè e parlato.",
    ],
    "pl": [
      "Wróciłem do domu w deszczu, bo ostatni autobus już odjechał.",
      "Czy możesz mi pomóc napisać list do naszych sąsiadów?",
      "Moja matka uważa, że ogród potrzebuje latem więcej wody.",
      "Powinniśmy byli zacząć wcześniej, ale nikt nie chciał wstać.",
      "Jak najlepiej nauczyć się czegoś, czego się nie lubi?",
      "Nauczyciel wyjaśnił to dwa razy, a ja nadal nie rozumiałem.",
      "W kuchni było zimno, więc zrobiliśmy herbatę i rozmawialiśmy.",
    ],
    "tr": [
      "Son otobüs çoktan gittiği için yağmurda eve yürüdüm.",
      "Komşulara bir mektup yazmama yardım edebilir misin?",
      "Annem yazın bahçenin daha çok suya ihtiyacı olduğunu düşünüyor.",
      "Daha erken başlamalıydık ama kimse kalkmak istemedi.",
      "Sevmediğin bir şeyi öğrenmenin en iyi yolu nedir?",
      "Öğretmen iki kez anlattı ama ben hâlâ anlamadım.",
      "Mutfak soğuktu, bu yüzden çay yaptık ve biraz konuştuk.",
    ],
    "ru": [
      "Я шёл домой под дождём, потому что последний автобус уже уехал.",
      "Можешь помочь мне написать письмо нашим соседям?",
      "Моя мама считает, что летом саду нужно больше воды.",
      "Нам надо было начать раньше, но никто не хотел вставать.",
      "Как лучше всего выучить то, что тебе совсем не нравится?",
      "Учитель объяснил это дважды, а я всё ещё ничего не понял.",
      "На кухне было холодно, поэтому мы заварили чай и поговорили.",
    ],
    "ar": [
      "مشيت إلى البيت تحت المطر لأن الحافلة الأخيرة كانت قد غادرت.",
      "هل يمكنك أن تساعدني في كتابة رسالة إلى الجيران؟",
      "تعتقد أمي أن الحديقة تحتاج إلى مزيد من الماء في الصيف.",
      "كان علينا أن نبدأ مبكرا ولكن لم يرغب أحد في النهوض.",
      "ما هي أفضل طريقة لتعلم شيء لا تحبه على الإطلاق؟",
      "شرح المعلم ذلك مرتين وما زلت لا أفهم ما يقصده.",
      "كان المطبخ باردا فصنعنا الشاي وتحدثنا قليلا عن العمل.",
    ],
    "ja": [
      "最後のバスはもう出ていたので、雨の中を歩いて家に帰りました。",
      "近所の人に手紙を書くのを手伝ってくれませんか。",
      "母は、夏の庭にはもっと水が必要だと考えています。",
      "もっと早く始めるべきでしたが、誰も起きたくありませんでした。",
      "好きではないことを学ぶ一番良い方法は何ですか。",
      "先生は二回説明しましたが、私はまだ分かりませんでした。",
      "台所が寒かったので、お茶を入れて少し話をしました。",
    ],
  ]

  static let codes = sentences.keys.sorted()

  private static func text(
    _ languages: [String], bytes: Int, _ generator: inout SplitMix64
  ) -> [UInt8] {
    var text: [UInt8] = []
    while text.count < bytes {
      let language = languages.randomElement(using: &generator) ?? "en"
      text += (sentences[language]?.randomElement(using: &generator) ?? "").utf8
      text.append([0x20, 0x20, 0x0A].randomElement(using: &generator) ?? 0x20)
    }
    return text
  }

  @Test("beginning and end tell the language that all of a text tells", arguments: codes)
  func agreement(code: String) {
    var generator = SplitMix64(state: 7)
    var byEnds = 0
    for _ in 0..<30 {
      let bytes = Self.text(
        [code], bytes: 1700 + Int.random(in: 0...6000, using: &generator), &generator)
      bytes.withUnsafeBufferPointer {
        #expect(LanguageDetection.language(of: $0) == code)
        guard let ends = LanguageDetection.languageOfEnds(of: $0) else { return }
        byEnds += 1
        #expect(ends == code)
      }
    }
    #expect(byEnds > 20, "else it saves no time")
  }

  @Test("of a mixture they tell no other language than all of it", arguments: codes)
  func mixtures(code: String) {
    var generator = SplitMix64(state: 11)
    for other in Self.codes where other != code {
      let bytes = Self.text([code, other], bytes: 6000, &generator)
      bytes.withUnsafeBufferPointer {
        guard let ends = LanguageDetection.languageOfEnds(of: $0) else { return }
        #expect(ends == LanguageDetection.language(of: $0) ?? ends)
      }
    }
  }

  @Test("short texts, and texts between two languages of one family, are read whole")
  func whole() {
    func ends(_ text: String) -> String? {
      Array(text.utf8).withUnsafeBufferPointer { LanguageDetection.languageOfEnds(of: $0) }
    }
    #expect(ends("A few words of English are not enough for pieces of them.") == nil)
    let danish = "Jeg gik hjem i regnen, fordi den sidste bus allerede var kørt, og det var koldt. "
    #expect(ends(String(repeating: danish, count: 40)) == nil)
    #expect(ends(String(repeating: "😀", count: 2000)) == nil)
    #expect(ends(String(repeating: "a", count: 5000)) == nil)
  }
}
