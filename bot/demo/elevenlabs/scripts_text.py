"""What the agents of WhatsApp, text messages and the website talk about."""

from __future__ import annotations

from bot.demo.elevenlabs.scenes import FINISHED, SILENCE, scene

DELIVERY = (
    scene(
        "delivery-where",
        "Parcel {order} arrives on {day}",
        """
        S: {name} asked where the {product} is. The parcel is on its way and arrives on {day}.
        A: Hi! I'm the Aurora delivery desk. What's your order number?
        U: {order}
        T: track_shipment
        A: Your {product} left our warehouse in {city} and arrives on {day}.
        U: perfect thx
        """,
        language="en",
        outcome="success",
        weight=12,
        ended=FINISHED,
        topic="tracking",
    ),
    scene(
        "delivery-change",
        "Livraison déplacée à {jour}",
        """
        S: {name} n'était pas disponible ; la livraison de la commande {order} est déplacée à {jour}.
        A: Bonjour ! Ici le service de livraison Aurora. Quel est votre numéro de commande ?
        U: {order}, je ne suis pas là demain
        T: change_delivery_date
        A: Pas de souci, votre colis arrivera {jour}.
        U: merci !
        """,
        language="fr",
        outcome="success",
        weight=7,
        ended=FINISHED,
        topic="date",
    ),
    scene(
        "delivery-lost",
        "Encomenda {order} extraviada",
        """
        S: A encomenda de {name} consta como entregue, mas não chegou. O rastreio não respondeu.
        A: Olá! Sou o assistente de entregas da Aurora. Qual é o número da encomenda?
        U: {order}, diz entregue mas não recebi nada
        T: track_shipment failed: carrier API returned 503
        A: Não consigo consultar a transportadora agora. Pode tentar mais tarde?
        U: ok...
        """,
        language="pt",
        outcome="failure",
        weight=5,
        topic="lost",
    ),
)

CONCIERGE = (
    scene(
        "web-compare",
        "Which thermostat fits a rented flat?",
        """
        S: A visitor compared two thermostats for a rented flat. The agent recommended the {product}, which
           needs no drilling.
        A: Welcome to Aurora Home! Looking for something special?
        U: Which thermostat works in a rented flat without drilling?
        T: search_catalogue
        A: The {product} sticks to the wall and leaves no trace.
        U: Nice, I'll take a look.
        """,
        language="en",
        outcome="success",
        weight=10,
        topic="advice",
    ),
    scene(
        "web-warranty",
        "保証期間についてのお問い合わせ",
        """
        S: {name}様より製品の保証期間についてのお問い合わせ。購入日から三年間と案内し、解決しました。
        A: Aurora Homeへようこそ。ご用件をお聞かせください。
        U: サーモスタットの保証期間はどのくらいですか。
        T: search_help
        A: ご購入日から三年間です。
        U: ありがとうございます。
        """,
        language="ja",
        outcome="success",
        weight=5,
        ended=FINISHED,
        topic="warranty",
    ),
    scene(
        "web-arabic",
        "استفسار عن التوصيل إلى {city}",
        """
        S: سألت العميلة {name} عن مدة التوصيل، وأجاب الوكيل أنها ثلاثة أيام عمل.
        A: مرحبا بك في أورورا هوم، كيف أساعدك؟
        U: كم يستغرق التوصيل؟
        T: search_help
        A: ثلاثة أيام عمل.
        U: شكرا جزيلا
        """,
        language="ar",
        outcome="success",
        weight=4,
        ended=FINISHED,
        topic="delivery",
    ),
    scene(
        "web-left",
        "Visitor left after the greeting",
        """
        S: The visitor opened the chat and left without a question.
        A: Welcome to Aurora Home! Looking for something special?
        """,
        language="en",
        outcome="unknown",
        weight=6,
        ended=SILENCE,
    ),
)
