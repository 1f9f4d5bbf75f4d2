"""What the three support agents of Aurora Home talk about."""

from __future__ import annotations

from bot.demo.elevenlabs.scenes import FINISHED, SILENCE, TOO_LONG, TRANSFERRED, scene

SUPPORT_EN = (
    scene(
        "en-refund-done",
        "en",
        "success",
        16,
        "Refund for order {order} confirmed",
        "{name} asked for a refund of {amount} for a returned {product}. The agent found order {order}, confirmed "
        "that the parcel had reached the warehouse and started the refund. The caller was satisfied.",
        """
        A: Thanks for calling Aurora Home support. How can I help you today?
        U: Hi, this is {name}. I sent back my {product} two weeks ago and I still don't have my money.
        A: I'm sorry about the wait. Could you give me the order number, please?
        U: Sure, it's {order}.
        T: order_lookup
        A: Thank you. I can see that your parcel reached our warehouse on {day}. Let me check the refund.
        T: refund_lookup
        A: The refund of {amount} was approved this morning. It will be on your card within three working days.
        U: Great, that's all I wanted to know.
        A: You're welcome, have a lovely day!
        """,
        ended=FINISHED,
        reason="refund",
        resolved=True,
    ),
    scene(
        "en-refund-stuck",
        "en",
        "failure",
        8,
        "Refund not found for {order}",
        "{name} called about a missing refund for a {product}. The refund system did not answer twice, the agent "
        "could not say when the money would arrive, and the caller hung up annoyed.",
        """
        A: Thanks for calling Aurora Home support. How can I help you today?
        U: I was promised a refund for {order} and nothing happened.
        T: order_lookup
        A: I found the order. Let me look at the refund.
        T: refund_lookup failed: upstream timed out after 10 s
        A: That is taking longer than usual, one moment please.
        T: refund_lookup failed: upstream timed out after 10 s
        A: I'm afraid I can't reach the refund system right now. May I call you back?
        U: This is the third time I'm calling! Forget it.
        """,
        reason="refund",
        resolved=False,
    ),
    scene(
        "en-pairing",
        "en",
        "success",
        14,
        "{product} paired with the app again",
        "After a router change the {product} of {name} was offline. The agent walked through the reset and the "
        "pairing; the device showed as online before the call ended.",
        """
        A: Aurora Home support, what can I do for you?
        U: My {product} stopped showing up in the app after I changed my router.
        A: That's easily fixed. Please hold the side button for ten seconds until the light turns blue.
        U: Okay... yes, it's blue now.
        A: Perfect. In the app choose Add device, then your new network.
        U: It says connected!
        T: device_status
        A: I can see it online here as well. Anything else?
        U: No, thank you so much.
        """,
        reason="device offline",
        resolved=True,
    ),
    scene(
        "en-human",
        "en",
        "unknown",
        7,
        "Caller asked for a person",
        "{name} did not want to speak to a virtual agent and asked for a colleague at once. The call was "
        "transferred to the front desk; the outcome is not known.",
        """
        A: Thanks for calling Aurora Home support. How can I help you today?
        U: I'd like to talk to a real person, please.
        A: Of course. May I ask what it is about, so that I can connect you to the right team?
        U: It's about the installation in {city}.
        T: transfer_to_number
        A: I'm connecting you now, please hold the line.
        """,
        ended=TRANSFERRED,
        reason="other",
        resolved=False,
    ),
    scene(
        "en-ticket",
        "en",
        "success",
        9,
        "Ticket {ticket} opened for a noisy valve",
        "{name} reported a whistling smart valve. Remote checks found nothing unusual, so the agent opened ticket "
        "{ticket} and offered a visit by a technician on {day}.",
        """
        A: Aurora Home support, how may I help?
        U: The valve in our living room has been whistling since yesterday.
        A: I understand. Is it louder when the heating is turned up?
        U: Yes, much louder.
        T: device_status
        A: The pressure looks normal from here. I'll open a ticket for a technician.
        T: create_ticket
        A: Your ticket is number {ticket}. Could someone visit you on {day} at {time}?
        U: That works for me.
        """,
        ended=FINISHED,
        reason="defect",
        resolved=True,
    ),
    scene(
        "en-silent",
        "en",
        "failure",
        5,
        "No answer from the caller",
        "The caller did not say anything after the greeting. The call ended by itself after two questions.",
        """
        A: Thanks for calling Aurora Home support. How can I help you today?
        A: Hello, are you still there?
        A: I can't hear you. Please call again if you need help. Goodbye.
        """,
        ended=SILENCE,
    ),
    scene(
        "en-cancel",
        "en",
        "failure",
        5,
        "Cancellation of the service plan went in circles",
        "{name} wanted to cancel the yearly service plan. The agent offered discounts several times instead of "
        "cancelling, and the conversation reached its maximum length.",
        """
        A: Aurora Home support, what can I do for you?
        U: I want to cancel my service plan.
        A: I'm sorry to hear that. I can offer you two months for free.
        U: No, just cancel it please.
        A: How about a lower rate of {amount} a year?
        U: I said cancel. Please.
        T: cancel_plan failed: plan is locked by another operation
        A: Something went wrong on our side. Would you like to hear about our other plans?
        U: Unbelievable.
        """,
        ended=TOO_LONG,
        reason="cancellation",
        resolved=False,
    ),
)

SUPPORT_DE = (
    scene(
        "de-heizung",
        "de",
        "success",
        15,
        "Heizplan für {name} angepasst",
        "{name} wollte die Nachtabsenkung später beginnen lassen. Der Agent hat den Heizplan geprüft und auf "
        "{time} Uhr geändert. Das Anliegen ist gelöst.",
        """
        A: Willkommen beim Aurora Home Kundenservice. Wie kann ich Ihnen helfen?
        U: Guten Tag, {name} hier. Meine Heizung geht abends viel zu früh aus.
        A: Das schauen wir uns an. Einen Moment bitte.
        T: device_status
        A: Ihr Heizplan beginnt die Absenkung schon um 20 Uhr. Soll ich das auf 22 Uhr ändern?
        U: Ja, bitte.
        T: update_schedule
        A: Erledigt. Ab heute Abend bleibt es länger warm.
        U: Vielen Dank, auf Wiederhören!
        """,
        ended=FINISHED,
        anliegen="heizplan",
        geloest=True,
    ),
    scene(
        "de-erstattung",
        "de",
        "success",
        12,
        "Erstattung für {order} bestätigt",
        "{name} fragte nach der Erstattung über {amount} Euro. Die Rücksendung ist eingegangen, das Geld ist seit "
        "{tag} unterwegs.",
        """
        A: Willkommen beim Aurora Home Kundenservice. Wie kann ich Ihnen helfen?
        U: Ich warte noch auf meine Erstattung, Bestellung {order}.
        T: order_lookup
        T: refund_lookup
        A: Ihre Rücksendung ist angekommen, die Erstattung über {amount} Euro wurde am {tag} überwiesen.
        U: Wunderbar, danke schön.
        A: Sehr gerne. Einen schönen Tag noch!
        """,
        ended=FINISHED,
        anliegen="erstattung",
        geloest=True,
    ),
    scene(
        "de-techniker",
        "de",
        "failure",
        7,
        "Techniker nicht erschienen, Beschwerde",
        "{name} beschwerte sich, dass der Techniker am {tag} nicht kam. Der Agent konnte den Einsatz nicht finden "
        "und auch keinen neuen Termin anbieten.",
        """
        A: Willkommen beim Aurora Home Kundenservice. Wie kann ich Ihnen helfen?
        U: Am {tag} sollte ein Techniker kommen. Ich habe den ganzen Tag gewartet!
        A: Das tut mir sehr leid. Ich prüfe den Termin.
        T: find_visit failed: no visit for this customer
        A: Leider finde ich keinen Termin unter Ihrem Namen.
        U: Das darf doch nicht wahr sein. Ich kündige.
        """,
        anliegen="beschwerde",
        geloest=False,
    ),
    scene(
        "de-rueckruf",
        "de",
        "unknown",
        5,
        "Rückruf gewünscht",
        "{name} hatte keine Zeit für die Fragen zur Fehlersuche und bat um einen Rückruf am {tag} um {time} Uhr.",
        """
        A: Willkommen beim Aurora Home Kundenservice. Wie kann ich Ihnen helfen?
        U: Mein Hub ist offline, aber ich bin gerade unterwegs. Können Sie mich zurückrufen?
        A: Gerne. Passt Ihnen {tag} um {time} Uhr?
        U: Ja, das passt.
        T: create_ticket
        A: Notiert. Bis dann!
        """,
        anliegen="rueckruf",
    ),
)

SUPPORT_ES = (
    scene(
        "es-factura",
        "es",
        "success",
        12,
        "Factura del pedido {order} enviada",
        "{name} necesitaba la factura del pedido {order}. El agente la encontró y la envió por correo electrónico.",
        """
        A: Hola, soy el asistente de Aurora Home. ¿En qué puedo ayudarle?
        U: Buenas, soy {name}. Necesito la factura de mi pedido {order}.
        T: order_lookup
        A: Lo tengo. ¿Se la envío al correo que usó en la compra?
        U: Sí, por favor.
        T: send_invoice
        A: Listo, debería llegarle en un par de minutos.
        U: Muchas gracias.
        """,
        ended=FINISHED,
        motivo="factura",
        resuelto=True,
    ),
    scene(
        "es-averia",
        "es",
        "success",
        8,
        "Visita técnica para {name} el {dia}",
        "El termostato de {name} no encendía. Tras dos pruebas sin éxito se acordó una visita el {dia} a las {time}.",
        """
        A: Hola, soy el asistente de Aurora Home. ¿En qué puedo ayudarle?
        U: El termostato no enciende desde ayer.
        A: Vamos a probarlo juntos. ¿Puede quitar la tapa y pulsar el botón rojo?
        U: Ya está... nada, sigue apagado.
        T: create_ticket
        A: Le enviamos un técnico el {dia} a las {time}. ¿Le va bien?
        U: Perfecto.
        """,
        motivo="avería",
        resuelto=True,
    ),
    scene(
        "es-reembolso",
        "es",
        "failure",
        5,
        "Reembolso sin resolver, cliente molesto",
        "{name} preguntó por un reembolso de {amount} euros. El sistema no respondió y el cliente terminó la "
        "conversación.",
        """
        A: Hola, soy el asistente de Aurora Home. ¿En qué puedo ayudarle?
        U: Llevo un mes esperando mi reembolso del pedido {order}.
        T: refund_lookup failed: 502 from the payment provider
        A: Lo siento, ahora mismo no puedo consultar los reembolsos.
        U: Siempre lo mismo. Adiós.
        """,
        motivo="reembolso",
        resuelto=False,
    ),
)
