"""What the agents that sell, book and collect for Aurora Home talk about."""

from __future__ import annotations

from bot.demo.elevenlabs.scenes import FINISHED, SILENCE, VOICEMAIL, scene

SALES = (
    scene(
        "sales-quote",
        "en",
        "success",
        12,
        "Quote for a {product} sent to {name}",
        "{name} from {city} is renovating and asked for prices. The agent recommended the {product} with two "
        "sensors, sent a quote over {amount} and agreed on a follow-up on {day}.",
        """
        A: Hi, this is Aurora Home. You asked us for more information about smart heating?
        U: Yes, we're renovating our house in {city}.
        A: Lovely! How many rooms would you like to control?
        U: Five, I think.
        T: check_inventory
        A: Then I'd recommend the {product} with two sensors. That would be {amount} in total.
        U: That sounds fair. Can you send me that in writing?
        T: send_quote
        T: crm_update
        A: It's in your inbox. Shall we talk again on {day}?
        U: Sure, {day} at {time}.
        """,
        ended=FINISHED,
        budget="medium",
        interested=True,
    ),
    scene(
        "sales-demo",
        "en",
        "success",
        8,
        "Showroom visit in {city} arranged",
        "{name} wants to see the {product} before buying. A visit of the showroom in {city} is arranged for {day}.",
        """
        A: Hello, Aurora Home here. Is this a good moment to talk?
        U: Two minutes, yes.
        A: You looked at the {product} on our website. Would you like to try it in our showroom?
        U: Is there one in {city}?
        T: find_slot
        A: Yes, and {day} at {time} is free.
        U: Let's do that.
        T: book_appointment
        A: Booked. See you on {day}!
        """,
        ended=FINISHED,
        interested=True,
    ),
    scene(
        "sales-no",
        "en",
        "failure",
        9,
        "Not interested, remove from the list",
        "{name} was not interested and asked not to be called again. The agent confirmed the removal.",
        """
        A: Hi, this is Aurora Home. You asked us for more information about smart heating?
        U: I don't think so. Please take me off your list.
        T: crm_update
        A: Of course, I've removed your number. Sorry for the disturbance.
        """,
        interested=False,
    ),
    scene(
        "sales-voicemail",
        "en",
        "unknown",
        9,
        "Voicemail, message left",
        "The call reached a voicemail box. A short message with the call-back number was left.",
        """
        A: Hi, this is Aurora Home, calling about your enquiry. Please call us back whenever it suits you.
        T: voicemail_detection
        """,
        ended=VOICEMAIL,
    ),
    scene(
        "sales-crm",
        "en",
        "failure",
        4,
        "Quote could not be sent to {name}",
        "{name} wanted a quote for the {product}, but the CRM refused the address twice. The caller will think "
        "about it.",
        """
        A: Hello, Aurora Home here. How can I help?
        U: I'd like an offer for the {product}.
        T: send_quote failed: email address rejected
        A: Could you spell your email address again, please?
        U: I already did that online.
        T: send_quote failed: email address rejected
        A: I'm sorry, I can't send it right now.
        """,
        interested=True,
    ),
)

BOOKING = (
    scene(
        "booking-new",
        "en",
        "success",
        16,
        "Installation booked for {day}, {time}",
        "{name} booked the installation of a {product} in {city} for {day} at {time}. A confirmation was sent by "
        "text message.",
        """
        A: Aurora Home bookings, hello! What would you like to have installed?
        U: A {product}, in {city}.
        T: find_slot
        A: I have {day} at {time}, or the day after at 14:00.
        U: {day} is good.
        T: book_appointment
        T: send_confirmation
        A: Done, you'll get a text message in a moment. Anything else?
        U: No, that's it. Thanks!
        """,
        ended=FINISHED,
        service="installation",
        booked=True,
    ),
    scene(
        "booking-move",
        "en",
        "success",
        9,
        "Appointment moved to {day}",
        "{name} could not make the agreed time. The agent moved the appointment to {day} at {time} without a fee.",
        """
        A: Aurora Home bookings, hello! How can I help?
        U: I need to move my appointment, I'm stuck at work.
        T: find_slot
        A: No problem. Would {day} at {time} suit you?
        U: Yes, perfect.
        T: book_appointment
        A: It's moved, free of charge.
        """,
        ended=FINISHED,
        service="installation",
        booked=True,
    ),
    scene(
        "booking-full",
        "en",
        "failure",
        6,
        "No free slot in {city} this week",
        "{name} needed an installer this week. The calendar had no free slot in {city} and the booking system "
        "rejected the waiting list.",
        """
        A: Aurora Home bookings, hello! How can I help?
        U: Our heating is down. I need someone this week.
        T: find_slot
        A: I'm sorry, there is nothing free in {city} before next {day}. Shall I put you on the waiting list?
        U: Yes, please.
        T: book_appointment failed: waiting list is closed for this area
        A: I'm afraid the list is closed. Please try again tomorrow morning.
        U: That doesn't help me at all.
        """,
        service="repair",
        booked=False,
    ),
    scene(
        "booking-fr",
        "fr",
        "success",
        8,
        "Rendez-vous confirmé {jour} à {time}",
        "{name} a réservé l'installation d'un thermostat à {city} pour {jour} à {time}. Confirmation envoyée.",
        """
        A: Aurora Home, service des rendez-vous, bonjour !
        U: Bonjour, je voudrais faire installer un thermostat.
        T: find_slot
        A: Je peux vous proposer {jour} à {time}.
        U: Très bien.
        T: book_appointment
        A: C'est noté. À {jour} !
        """,
        ended=FINISHED,
        service="installation",
        booked=True,
    ),
    scene(
        "booking-cancel",
        "en",
        "success",
        5,
        "Appointment on {day} cancelled",
        "{name} sold the house and cancelled the visit on {day}. No fee applies.",
        """
        A: Aurora Home bookings, hello! How can I help?
        U: Please cancel my visit on {day}, we sold the house.
        T: cancel_appointment
        A: It's cancelled, and there is no fee. All the best for the move!
        """,
        service="installation",
        booked=False,
    ),
)

COLLECTIONS = (
    scene(
        "collect-paid",
        "en",
        "success",
        11,
        "Invoice of {amount} paid by link",
        "{name} had overlooked an invoice of {amount}. The agent sent a payment link and the payment arrived "
        "during the call.",
        """
        A: Hello, this is Aurora Home about an open invoice. Am I speaking with {name}?
        U: Yes, that's me.
        A: An amount of {amount} has been open since last month. May I send you a payment link?
        U: Oh, I forgot about that. Yes, send it.
        T: send_payment_link
        U: Okay, I've just paid it.
        T: payment_status
        A: I can see it already, thank you very much!
        """,
        ended=FINISHED,
        promise=True,
    ),
    scene(
        "collect-promise",
        "en",
        "success",
        9,
        "Payment of {amount} promised by {day}",
        "{name} promised to pay {amount} by {day}. A reminder is set for the day before.",
        """
        A: Hello, this is Aurora Home about an open invoice. Am I speaking with {name}?
        U: Yes. I can pay when my salary arrives.
        A: When would that be?
        U: On {day}.
        T: promise_to_pay
        A: I've noted {day}. You'll get a reminder the day before.
        """,
        ended=FINISHED,
        promise=True,
    ),
    scene(
        "collect-dispute",
        "en",
        "failure",
        8,
        "Invoice {order} disputed",
        "{name} disputes the invoice of {amount}: the {product} was never delivered. The case goes to a colleague.",
        """
        A: Hello, this is Aurora Home about an open invoice. Am I speaking with {name}?
        U: Yes, and I won't pay. The {product} never arrived!
        A: I'm sorry. Do you have the order number at hand?
        U: {order}.
        T: order_lookup failed: order not found
        A: I can't find it. A colleague will call you back.
        U: Please do.
        """,
        promise=False,
    ),
    scene(
        "collect-voicemail",
        "en",
        "unknown",
        10,
        "No answer, voicemail",
        "Nobody picked up. As required, no details were left on the voicemail.",
        """
        A: Hello, this is Aurora Home. Please call us back at your convenience.
        T: voicemail_detection
        """,
        ended=VOICEMAIL,
    ),
    scene(
        "collect-wrong",
        "de",
        "failure",
        4,
        "Falsche Nummer",
        "Unter der Nummer war eine andere Person erreichbar. Die Nummer ist zur Prüfung markiert.",
        """
        A: Guten Tag, hier ist Aurora Home. Spreche ich mit {name}?
        U: Nein, da haben Sie sich verwählt.
        T: flag_number
        A: Entschuldigen Sie bitte die Störung.
        """,
        ended=SILENCE,
        promise=False,
    ),
)
