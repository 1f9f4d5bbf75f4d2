"""What the agents of WhatsApp, text messages and the website talk about."""

from __future__ import annotations

from bot.demo.elevenlabs.scenes import FINISHED, SILENCE, scene

DELIVERY = (
    scene(
        "delivery-where",
        "en",
        "success",
        12,
        "Parcel {order} arrives on {day}",
        "{name} asked where the {product} is. The parcel is on its way and arrives on {day}.",
        """
        A: Hi! I'm the Aurora delivery desk. What's your order number?
        U: {order}
        T: track_shipment
        A: Your {product} left our warehouse in {city} and arrives on {day}.
        U: perfect thx
        """,
        ended=FINISHED,
        topic="tracking",
    ),
    scene(
        "delivery-change",
        "fr",
        "success",
        7,
        "Livraison déplacée à {jour}",
        "{name} n'était pas disponible ; la livraison de la commande {order} est déplacée à {jour}.",
        """
        A: Bonjour ! Ici le service de livraison Aurora. Quel est votre numéro de commande ?
        U: {order}, je ne suis pas là demain
        T: change_delivery_date
        A: Pas de souci, votre colis arrivera {jour}.
        U: merci !
        """,
        ended=FINISHED,
        topic="date",
    ),
    scene(
        "delivery-lost",
        "pt",
        "failure",
        5,
        "Encomenda {order} extraviada",
        "A encomenda de {name} consta como entregue, mas não chegou. O rastreio não respondeu.",
        """
        A: Olá! Sou o assistente de entregas da Aurora. Qual é o número da encomenda?
        U: {order}, diz entregue mas não recebi nada
        T: track_shipment failed: carrier API returned 503
        A: Não consigo consultar a transportadora agora. Pode tentar mais tarde?
        U: ok...
        """,
        topic="lost",
    ),
)

CONCIERGE = (
    scene(
        "web-compare",
        "en",
        "success",
        10,
        "Which thermostat fits a rented flat?",
        "A visitor compared two thermostats for a rented flat. The agent recommended the {product}, which needs no "
        "drilling.",
        """
        A: Welcome to Aurora Home! Looking for something special?
        U: Which thermostat works in a rented flat without drilling?
        T: search_catalogue
        A: The {product} sticks to the wall and leaves no trace.
        U: Nice, I'll take a look.
        """,
        topic="advice",
    ),
    scene(
        "web-warranty",
        "ja",
        "success",
        5,
        "保証期間についてのお問い合わせ",
        "{name}様より製品の保証期間についてのお問い合わせ。購入日から三年間と案内し、解決しました。",
        """
        A: Aurora Homeへようこそ。ご用件をお聞かせください。
        U: サーモスタットの保証期間はどのくらいですか。
        T: search_help
        A: ご購入日から三年間です。
        U: ありがとうございます。
        """,
        ended=FINISHED,
        topic="warranty",
    ),
    scene(
        "web-arabic",
        "ar",
        "success",
        4,
        "استفسار عن التوصيل إلى {city}",
        "سألت العميلة {name} عن مدة التوصيل، وأجاب الوكيل أنها ثلاثة أيام عمل.",
        """
        A: مرحبا بك في أورورا هوم، كيف أساعدك؟
        U: كم يستغرق التوصيل؟
        T: search_help
        A: ثلاثة أيام عمل.
        U: شكرا جزيلا
        """,
        ended=FINISHED,
        topic="delivery",
    ),
    scene(
        "web-left",
        "en",
        "unknown",
        6,
        "Visitor left after the greeting",
        "The visitor opened the chat and left without a question.",
        """
        A: Welcome to Aurora Home! Looking for something special?
        """,
        ended=SILENCE,
    ),
)
