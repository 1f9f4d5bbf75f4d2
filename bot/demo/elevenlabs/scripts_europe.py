"""What the German and Spanish support agents of Aurora Home talk about."""

from __future__ import annotations

from bot.demo.elevenlabs.scenes import FINISHED, scene

SUPPORT_DE = (
    scene(
        "de-heizung",
        "Heizplan für {name} angepasst",
        """
        S: {name} wollte die Nachtabsenkung später beginnen lassen. Der Agent hat den Heizplan geprüft und
           auf {time} Uhr geändert. Das Anliegen ist gelöst.
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
        language="de",
        outcome="success",
        weight=15,
        ended=FINISHED,
        anliegen="heizplan",
        geloest=True,
    ),
    scene(
        "de-erstattung",
        "Erstattung für {order} bestätigt",
        """
        S: {name} fragte nach der Erstattung über {amount} Euro. Die Rücksendung ist eingegangen, das Geld
           ist seit {tag} unterwegs.
        A: Willkommen beim Aurora Home Kundenservice. Wie kann ich Ihnen helfen?
        U: Ich warte noch auf meine Erstattung, Bestellung {order}.
        T: order_lookup
        T: refund_lookup
        A: Ihre Rücksendung ist angekommen, die Erstattung über {amount} Euro wurde am {tag} überwiesen.
        U: Wunderbar, danke schön.
        A: Sehr gerne. Einen schönen Tag noch!
        """,
        language="de",
        outcome="success",
        weight=12,
        ended=FINISHED,
        anliegen="erstattung",
        geloest=True,
    ),
    scene(
        "de-techniker",
        "Techniker nicht erschienen, Beschwerde",
        """
        S: {name} beschwerte sich, dass der Techniker am {tag} nicht kam. Der Agent konnte den Einsatz nicht
           finden und auch keinen neuen Termin anbieten.
        A: Willkommen beim Aurora Home Kundenservice. Wie kann ich Ihnen helfen?
        U: Am {tag} sollte ein Techniker kommen. Ich habe den ganzen Tag gewartet!
        A: Das tut mir sehr leid. Ich prüfe den Termin.
        T: find_visit failed: no visit for this customer
        A: Leider finde ich keinen Termin unter Ihrem Namen.
        U: Das darf doch nicht wahr sein. Ich kündige.
        """,
        language="de",
        outcome="failure",
        weight=7,
        anliegen="beschwerde",
        geloest=False,
    ),
    scene(
        "de-rueckruf",
        "Rückruf gewünscht",
        """
        S: {name} hatte keine Zeit für die Fragen zur Fehlersuche und bat um einen Rückruf am {tag} um
           {time} Uhr.
        A: Willkommen beim Aurora Home Kundenservice. Wie kann ich Ihnen helfen?
        U: Mein Hub ist offline, aber ich bin gerade unterwegs. Können Sie mich zurückrufen?
        A: Gerne. Passt Ihnen {tag} um {time} Uhr?
        U: Ja, das passt.
        T: create_ticket
        A: Notiert. Bis dann!
        """,
        language="de",
        outcome="unknown",
        weight=5,
        anliegen="rueckruf",
    ),
)

SUPPORT_ES = (
    scene(
        "es-factura",
        "Factura del pedido {order} enviada",
        """
        S: {name} necesitaba la factura del pedido {order}. El agente la encontró y la envió por correo
           electrónico.
        A: Hola, soy el asistente de Aurora Home. ¿En qué puedo ayudarle?
        U: Buenas, soy {name}. Necesito la factura de mi pedido {order}.
        T: order_lookup
        A: Lo tengo. ¿Se la envío al correo que usó en la compra?
        U: Sí, por favor.
        T: send_invoice
        A: Listo, debería llegarle en un par de minutos.
        U: Muchas gracias.
        """,
        language="es",
        outcome="success",
        weight=12,
        ended=FINISHED,
        motivo="factura",
        resuelto=True,
    ),
    scene(
        "es-averia",
        "Visita técnica para {name} el {dia}",
        """
        S: El termostato de {name} no encendía. Tras dos pruebas sin éxito se acordó una visita el {dia} a
           las {time}.
        A: Hola, soy el asistente de Aurora Home. ¿En qué puedo ayudarle?
        U: El termostato no enciende desde ayer.
        A: Vamos a probarlo juntos. ¿Puede quitar la tapa y pulsar el botón rojo?
        U: Ya está... nada, sigue apagado.
        T: create_ticket
        A: Le enviamos un técnico el {dia} a las {time}. ¿Le va bien?
        U: Perfecto.
        """,
        language="es",
        outcome="success",
        weight=8,
        motivo="avería",
        resuelto=True,
    ),
    scene(
        "es-reembolso",
        "Reembolso sin resolver, cliente molesto",
        """
        S: {name} preguntó por un reembolso de {amount} euros. El sistema no respondió y el cliente terminó
           la conversación.
        A: Hola, soy el asistente de Aurora Home. ¿En qué puedo ayudarle?
        U: Llevo un mes esperando mi reembolso del pedido {order}.
        T: refund_lookup failed: 502 from the payment provider
        A: Lo siento, ahora mismo no puedo consultar los reembolsos.
        U: Siempre lo mismo. Adiós.
        """,
        language="es",
        outcome="failure",
        weight=5,
        motivo="reembolso",
        resuelto=False,
    ),
)
