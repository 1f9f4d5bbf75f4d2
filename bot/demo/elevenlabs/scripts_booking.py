"""What the agent that books visits for Aurora Home talks about."""

from __future__ import annotations

from bot.demo.elevenlabs.scenes import FINISHED, scene

BOOKING = (
    scene(
        "booking-new",
        "Installation booked for {day}, {time}",
        """
        S: {name} booked the installation of a {product} in {city} for {day} at {time}. A confirmation was
           sent by text message.
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
        language="en",
        outcome="success",
        weight=16,
        ended=FINISHED,
        service="installation",
        booked=True,
    ),
    scene(
        "booking-move",
        "Appointment moved to {day}",
        """
        S: {name} could not make the agreed time. The agent moved the appointment to {day} at {time} without
           a fee.
        A: Aurora Home bookings, hello! How can I help?
        U: I need to move my appointment, I'm stuck at work.
        T: find_slot
        A: No problem. Would {day} at {time} suit you?
        U: Yes, perfect.
        T: book_appointment
        A: It's moved, free of charge.
        """,
        language="en",
        outcome="success",
        weight=9,
        ended=FINISHED,
        service="installation",
        booked=True,
    ),
    scene(
        "booking-full",
        "No free slot in {city} this week",
        """
        S: {name} needed an installer this week. The calendar had no free slot in {city} and the booking
           system rejected the waiting list.
        A: Aurora Home bookings, hello! How can I help?
        U: Our heating is down. I need someone this week.
        T: find_slot
        A: I'm sorry, there is nothing free in {city} before next {day}. Shall I put you on the waiting
           list?
        U: Yes, please.
        T: book_appointment failed: waiting list is closed for this area
        A: I'm afraid the list is closed. Please try again tomorrow morning.
        U: That doesn't help me at all.
        """,
        language="en",
        outcome="failure",
        weight=6,
        service="repair",
        booked=False,
    ),
    scene(
        "booking-fr",
        "Rendez-vous confirmé {jour} à {time}",
        """
        S: {name} a réservé l'installation d'un thermostat à {city} pour {jour} à {time}. Confirmation
           envoyée.
        A: Aurora Home, service des rendez-vous, bonjour !
        U: Bonjour, je voudrais faire installer un thermostat.
        T: find_slot
        A: Je peux vous proposer {jour} à {time}.
        U: Très bien.
        T: book_appointment
        A: C'est noté. À {jour} !
        """,
        language="fr",
        outcome="success",
        weight=8,
        ended=FINISHED,
        service="installation",
        booked=True,
    ),
    scene(
        "booking-cancel",
        "Appointment on {day} cancelled",
        """
        S: {name} sold the house and cancelled the visit on {day}. No fee applies.
        A: Aurora Home bookings, hello! How can I help?
        U: Please cancel my visit on {day}, we sold the house.
        T: cancel_appointment
        A: It's cancelled, and there is no fee. All the best for the move!
        """,
        language="en",
        outcome="success",
        weight=5,
        service="installation",
        booked=False,
    ),
)
