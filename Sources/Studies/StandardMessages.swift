import Definitions

/// Longwell's own texts of messages, for studies that bring none.
///
/// They name neither the topic nor the person in the subject: a subject is read on locked screens.
package enum StandardMessages {
  /// The languages that there are texts in.
  package static let languages = ["en", "nl", "es", "ar"]

  /// The text of a kind of message; a variety such as `en-GB` has its language's. Nil for other
  /// languages.
  package static func template(_ kind: MessageKind, language: String) -> MessageTemplate? {
    let base = language.split(separator: "-").first.map(String.init) ?? language
    guard let text = text(kind, language: base) else { return nil }
    var problems = Problems()
    return MessageTemplate.read(text, of: kind, file: "standard \(base)", problems: &problems)
  }

  private static func text(_ kind: MessageKind, language: String) -> String? {
    switch language {
    case "en": english(kind)
    case "nl": dutch(kind)
    case "es": spanish(kind)
    case "ar": arabic(kind)
    default: nil
    }
  }

  private static func english(_ kind: MessageKind) -> String {
    switch kind {
    case .invitation:
      """
      # You are invited to take part in a study

      You are invited to take part in {title}.

      What it is about, and how to join, is on your personal page:
      {link}

      The link is yours alone; please do not pass it on. Questions: {contact}
      Do not write to me again: {unsubscribe}
      """
    case .opening:
      """
      # Your questionnaire is open

      A questionnaire of {title} is open for you, until {until}:
      {link}

      Questions: {contact}
      No more messages: {unsubscribe}
      """
    case .reminder:
      """
      # Your questionnaire is still open

      You can answer a questionnaire of {title} until {until}:
      {link}

      Questions: {contact}
      No more messages: {unsubscribe}
      """
    case .thanks:
      """
      # Thank you for your answers

      Your answers to {title} have arrived. Thank you.

      Questions: {contact}
      No more messages: {unsubscribe}
      """
    }
  }

  private static func dutch(_ kind: MessageKind) -> String {
    switch kind {
    case .invitation:
      """
      # Je bent uitgenodigd voor een onderzoek

      Je bent uitgenodigd om mee te doen aan {title}.

      Waar het over gaat en hoe je meedoet, staat op je persoonlijke pagina:
      {link}

      De link is alleen voor jou; geef hem niet door. Vragen: {contact}
      Schrijf mij niet meer: {unsubscribe}
      """
    case .opening:
      """
      # Je vragenlijst staat klaar

      Een vragenlijst van {title} staat voor je klaar, tot {until}:
      {link}

      Vragen: {contact}
      Geen berichten meer: {unsubscribe}
      """
    case .reminder:
      """
      # Je vragenlijst staat nog klaar

      Je kunt een vragenlijst van {title} nog invullen tot {until}:
      {link}

      Vragen: {contact}
      Geen berichten meer: {unsubscribe}
      """
    case .thanks:
      """
      # Bedankt voor je antwoorden

      Je antwoorden voor {title} zijn binnen. Bedankt.

      Vragen: {contact}
      Geen berichten meer: {unsubscribe}
      """
    }
  }

  private static func spanish(_ kind: MessageKind) -> String {
    switch kind {
    case .invitation:
      """
      # Invitación a participar en un estudio

      Le invitamos a participar en {title}.

      De qué trata y cómo participar se explica en su página personal:
      {link}

      El enlace es solo para usted; no lo comparta, por favor. Preguntas: {contact}
      No me escriban más: {unsubscribe}
      """
    case .opening:
      """
      # Su cuestionario está abierto

      Un cuestionario de {title} está abierto para usted hasta {until}:
      {link}

      Preguntas: {contact}
      No recibir más mensajes: {unsubscribe}
      """
    case .reminder:
      """
      # Su cuestionario sigue abierto

      Puede responder un cuestionario de {title} hasta {until}:
      {link}

      Preguntas: {contact}
      No recibir más mensajes: {unsubscribe}
      """
    case .thanks:
      """
      # Gracias por sus respuestas

      Hemos recibido sus respuestas para {title}. Gracias.

      Preguntas: {contact}
      No recibir más mensajes: {unsubscribe}
      """
    }
  }

  private static func arabic(_ kind: MessageKind) -> String {
    switch kind {
    case .invitation:
      """
      # دعوة إلى المشاركة في دراسة

      ندعوك إلى المشاركة في {title}.

      تجد موضوع الدراسة وطريقة المشاركة في صفحتك الشخصية:
      {link}

      هذا الرابط خاص بك وحدك، نرجو ألا تعطيه لغيرك. للأسئلة: {contact}
      لا تكتبوا إليّ مرة أخرى: {unsubscribe}
      """
    case .opening:
      """
      # استبيانك مفتوح الآن

      أحد استبيانات {title} مفتوح لك حتى {until}:
      {link}

      للأسئلة: {contact}
      لإيقاف الرسائل: {unsubscribe}
      """
    case .reminder:
      """
      # استبيانك ما زال مفتوحًا

      يمكنك الإجابة عن أحد استبيانات {title} حتى {until}:
      {link}

      للأسئلة: {contact}
      لإيقاف الرسائل: {unsubscribe}
      """
    case .thanks:
      """
      # شكرًا على إجاباتك

      وصلت إجاباتك في {title}. شكرًا لك.

      للأسئلة: {contact}
      لإيقاف الرسائل: {unsubscribe}
      """
    }
  }
}

// MARK: - Alerts

extension StandardMessages {
  /// The language in which alerts are written: the first of a study's that there is a text in, else
  /// English.
  package static func languageOfAlerts(for languages: [String]) -> String {
    languages.lazy.compactMap { $0.split(separator: "-").first.map(String.init) }
      .first(where: self.languages.contains) ?? "en"
  }

  /// What whoever looks at answers of concern is told: neither who it is about nor what was answered.
  ///
  /// - Parameters:
  ///   - language: one of ``languages``.
  ///   - moment: by when the study has promised to act.
  package static func alert(
    language: String, study: String, title: String, by moment: String
  ) -> (subject: String, body: String) {
    switch language {
    case "nl":
      (
        "Een antwoord vraagt om aandacht (\(study))",
        """
        Een antwoord in \(title) heeft de grens bereikt waarbij jullie hebben beloofd naar de \
        deelnemer om te zien, uiterlijk \(moment).

        Om wie het gaat en wat er is geantwoord, staat niet in dit bericht. Op de computer van het \
        onderzoek toont "longwell concerns" wie het is.
        """
      )
    case "es":
      (
        "Una respuesta requiere atención (\(study))",
        """
        Una respuesta en \(title) ha alcanzado el nivel en el que el estudio prometió ocuparse de la \
        persona participante, a más tardar \(moment).

        Este mensaje no dice de quién se trata ni qué respondió. En el ordenador del estudio, \
        "longwell concerns" muestra de quién se trata.
        """
      )
    case "ar":
      (
        "إجابة تحتاج إلى اهتمام (\(study))",
        """
        بلغت إجابة في \(title) الحد الذي وعدت الدراسة عنده بالاطمئنان على المشارك، في موعد أقصاه \(moment).

        لا تذكر هذه الرسالة صاحب الإجابة ولا مضمونها. على حاسوب الدراسة يُظهر الأمر \
        "longwell concerns" صاحبها.
        """
      )
    default:
      (
        "An answer calls for attention (\(study))",
        """
        An answer in \(title) has reached the level at which your study has promised to look after the \
        participant, by \(moment).

        Who it is about, and what was answered, is not in this message. On the study's machine, \
        "longwell concerns" shows who it is.
        """
      )
    }
  }
}
