"""What the search knows of Spanish: words that say how one asks, and words that say the same.

Written for the services of a town, with the words of several countries. An entity adds its own in
the admin. Groups are lists of words and phrases; endings and accents do not matter.
"""

from __future__ import annotations

# Words that say how somebody asks, not what about; folded, as they are compared after folding.
STOP_WORDS = frozenset(
    """
    a al algo algun alguna algunas alguno algunos alla alli ante antes aqui asi aun aunque
    bien buen buena buenas bueno buenos cada como con contra cual cuales cualquier cuando
    cuanta cuantas cuanto cuantos da dan dar de debe deben debo del desde donde e el ella
    ellas ello ellos en entre era eran es esa esas ese eso esos esta estan estar estas este
    esto estos estoy favor fue fueron gracias ha hace hacen hacer haces hago han hasta hay
    haya he hola ir la las le les lo los mas me mi mia mio mis mucha muchas mucho muchos muy
    nada ni no nos nosotros nuestra nuestro o os otra otras otro otros para pero por porque
    pues puede pueden puedo que quien quienes quiere quiero quisiera saber se sea sean ser si
    sido sin sobre solo son soy su sus suya suyo tal tambien tampoco tan tanto te tendria
    tener tengo tiene tienen ti toda todas todo todos tu tus u un una unas uno unos usted
    ustedes va vamos van voy y ya yo
    """.split()  # noqa: SIM905  a list literal would run over a page
)

# Words that are only manners: they do not even tell one question from another.
COURTESY = frozenset(
    """
    ayudarme ayudenme buen buena buenas bueno buenos cordial deseo digame dime estimada estimado
    estimados favor gracias gustaria hola podria podrian podrias queria quiere quiero quisiera saber
    saludo saludos senor senora senores
    """.split()  # noqa: SIM905
)

# One group a line. Verbs are given in the forms whose stems differ.
SYNONYMS = """
# What one asks about anything
cuesta, costar, costo, coste, precio, vale, valor, tarifa, cobran, cobro, gratis, gratuito
cuánto tiempo, plazo, duración, dura, tarda, demora, cuántos días
cuándo, fecha, calendario, cronograma
horario, hora, atienden, atención, abre, abierto, cierra, cerrado
vence, vencido, vencimiento, caduca, caducado, vigencia, fecha límite
dónde, lugar, sitio, ubicación, ubicado, localización, dirección, queda, sede
teléfono, celular, móvil, llamar, línea telefónica
contacto, contactar, comunicarse, hablar
correo, email, e-mail, mail
página, portal, web, sitio web, internet, en línea, online, virtual, digital
quién, quiénes, persona
tipo, clase, cuáles
información, informe, datos, saber, conocer
requisito, documento, documentación, papeles, necesito, se necesita, exigen, piden, hay que llevar
límite, tope, máximo, cupo
empezar, comenzar, comienzo, iniciar, inicio
terminar, finalizar, fin, acabar
riesgo, peligro, peligroso

# What one does
sacar, obtener, solicitar, solicitud, pedir, pido, tramitar, gestionar, gestión, conseguir
trámite, diligencia, gestión, procedimiento
formulario, planilla, formato
inscribir, inscripción, registrar, registro, matricular, matrícula, apuntarme, anotarme
renovar, renuevo, renovación, actualizar, actualización, refrendar, refrendación
cambiar, cambio, modificar, modificación, corregir, corrección, rectificar, rectificación
cancelar, anular, anulación, dar de baja, baja, retirar, retiro, desistir
quitar, eliminar, borrar, suprimir
aumento, aumentar, subir, incremento, ampliar
perder, perdí, pérdida, extravío, extravié, robo, robaron, duplicado, reposición
copia, fotocopia, duplicado, expedir, expedición
certificado, certificación, constancia, paz y salvo
entregar, presentar, radicar, llevar
recoger, reclamar, retirar, entrega
consultar, consulta, averiguar, verificar, revisar
cita, turno, agendar, agenda, reservar, reserva
descargar, bajar, imprimir
contraseña, clave, password
acceder, acceso, ingresar, entrar
error, falla, problema, no funciona, no sirve
devolver, devolución, regresar, volver

# Money and taxes
pagar, pago, cancelar, abonar, abono
dinero, plata, efectivo
cuota, plazos, financiar, financiación, acuerdo de pago, facilidades de pago
deuda, deber dinero, mora, atrasado, cartera
descuento, rebaja, exención, exoneración
devolución, reembolso, reintegro
factura, recibo, boleta de pago
impuesto, tributo, contribución, tasa, gravamen
predial, catastro, contribución territorial, avalúo, impuesto de la casa
multa, comparendo, infracción, sanción, parte de tránsito
presupuesto, gasto público

# The entity
alcaldía, ayuntamiento, municipio, municipalidad, intendencia, palacio municipal
alcalde, alcaldesa, intendente, presidente municipal, autoridades
funcionario, empleado público, servidor público
reunión, audiencia, sesión, cabildo, concejo
voto, votar, votación, elecciones
queja, reclamo, reclamar, denuncia, denunciar, reportar, reporte, inconformidad, petición
apelar, apelación, recurso, impugnar, recurrir
ayuda, apoyo, auxilio, subsidio, bono, beneficio
empleo, trabajo, trabajar, vacante, desempleo, convocatoria
teletrabajo, trabajo en casa, trabajo remoto, trabajar desde casa, a distancia
proveedor, contratista, contrato, contratar, contratación, licitación

# People and papers
vecino, ciudadano, habitante, residente
barrio, colonia, vereda, urbanización, sector
niño, menor, hijo, bebé, infantil, menor de edad
joven, adolescente, juventud, muchachos
anciano, adulto mayor, tercera edad, abuelo
discapacidad, discapacitado, minusvalía, movilidad reducida
mujer, madre, mamá, señora
embarazo, embarazada, gestante, encinta, prenatal
familia, familiar, hogar, pariente
esposo, cónyuge, pareja, marido
matrimonio, casarse, boda, casamiento
divorcio, divorciarme, separación, separarme
nacimiento, nacer, recién nacido, registro civil, acta de nacimiento, partida de nacimiento
fallecimiento, fallecido, muerte, morir, murió, defunción, difunto, deceso
cementerio, entierro, sepultura, exhumación, panteón
herencia, heredar, sucesión, testamento
cédula, DNI, documento de identidad, carné de identidad, tarjeta de identidad, identificación
extranjero, migrante, inmigrante, visa
empadronamiento, empadronarme, padrón, censo
custodia, cuota alimentaria, patria potestad
pensión, jubilación, jubilarse
víctima, desplazado
pobreza, vulnerable, Sisbén, bajos recursos
violencia, maltrato, agresión, abuso
abogado, asesoría jurídica, orientación legal, defensor
conciliación, mediación, comisaría

# Streets and vehicles
vehículo, carro, auto, automóvil, coche, camioneta
moto, motocicleta
licencia de conducción, licencia de conducir, licencia de manejo, permiso de conducir
licencia de conducción, carné de conducir, registro de conducir, pase, brevete
conducir, conducción, conductor, manejar, manejo, chofer
placa, patente, matrícula del vehículo
estacionamiento, parqueadero, parquear, parqueo, aparcar, cochera
grúa, inmovilizado, patios, corralón, se llevaron el carro
bus, autobús, colectivo, transporte, pasaje
bicicleta, bici, ciclovía, ciclorruta
vía, calle, carretera, camino, avenida
hueco, bache, pavimento, pavimentar, arreglar la calle
alumbrado, luminaria, lámpara, poste, foco, luz de la calle

# House and surroundings
casa, vivienda, apartamento, inmueble, propiedad, predio
terreno, lote, solar, parcela
alquiler, alquilar, arriendo, arrendar, renta
construir, construcción, obra, edificar, edificación, remodelar
licencia de construcción, licencia urbanística, permiso de obra, permiso de construcción
escritura, titulación, legalizar, título de propiedad
uso del suelo, uso de suelo, norma urbanística, zonificación
agua, acueducto
luz, energía, electricidad, corriente
alcantarillado, alcantarilla, desagüe, cloaca, drenaje
basura, residuos, aseo, desechos, recolección
reciclaje, reciclar, reciclable
escombros, muebles viejos, trastos
árbol, poda, podar, tala, talar
ruido, bulla, música alta, contaminación auditiva
mascota, perro, gato, animal
parque, plaza, zona verde
inundación, derrumbe, desastre, deslizamiento, damnificado
emergencia, urgencia, auxilio, ambulancia, bomberos
policía, seguridad, patrulla

# Business
negocio, empresa, local, comercio, establecimiento, tienda
vendedor ambulante, vendedores, venta callejera
permiso, licencia, autorización, autorizar, habilitación
emprender, emprendimiento, emprendedor
crédito, microcrédito, préstamo

# Health
salud, médico, doctor
hospital, clínica, centro de salud, puesto de salud, consultorio, urgencias
medicina, medicamento, remedio, fármaco, pastillas
enfermo, enfermedad, enfermarse, padecimiento
síntoma, malestar
curar, cura, sanar, recuperarse, recuperación, mejorarse
contagio, contagiar, transmitir, transmisión, infectarse, infección, contraer
prevenir, prevención, evitar, proteger, protección, cuidados, medidas
vacuna, vacunación, inmunización
prueba, examen, test, análisis
tratamiento, terapia, receta, medicación
psicológico, psicólogo, psicología, salud mental
afiliación, afiliarme, EPS, seguro, seguridad social
comida, comer, comedor, alimento, alimentación

# Education, culture and sport
escuela, colegio, institución educativa, plantel
jardín, guardería, preescolar
estudiar, estudio, carrera, curso, capacitación
estudiante, alumno
profesor, maestro, docente
universidad, facultad, educación superior
beca, apoyo educativo
notas, calificaciones, boletín
biblioteca, libros
deporte, deportivo, cancha, polideportivo, gimnasio
cultura, cultural, taller, evento, actividades
turismo, turista, visitar
"""
